import { expect, it } from 'vitest';
import { Recent } from './recent.ts';

it('lets go of what nobody asked for the longest', () => {
  const recent = new Recent<string>(100);
  recent.set('a', 'first', 40);
  recent.set('b', 'second', 40);
  expect(recent.get('a')).toBe('first');
  recent.set('c', 'third', 30);
  expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual(['first', undefined, 'third']);
});

it('keeps nothing that is too heavy, and throws nothing else out for it', () => {
  const recent = new Recent<string>(100);
  recent.set('a', 'light', 60);
  recent.set('b', 'too heavy', 101);
  expect([recent.get('a'), recent.get('b')]).toEqual(['light', undefined]);
});

it('forgets the old value of a key, and what it weighed', () => {
  const recent = new Recent<string>(100);
  recent.set('a', 'old', 90);
  recent.set('a', 'new', 10);
  recent.set('b', 'beside it', 90);
  expect([recent.get('a'), recent.get('b')]).toEqual(['new', 'beside it']);
});
