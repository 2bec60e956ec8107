import { expect } from 'vitest';

/** Bytes are compared as bytes. Element by element, as vitest does it by itself, 3 MB take it 12 s. */
expect.addEqualityTesters([(left: unknown, right: unknown) => (isBytes(left) && isBytes(right) ? areSame(left, right) : undefined)]);

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;

function areSame(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}
