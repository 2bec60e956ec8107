import { expect, test } from 'vitest';
import { addWarning, removeWarning, replaceWarning, toDroppedText } from './warnings.ts';

const german = toDroppedText({ name: 'de' });
const french = toDroppedText({ name: 'fr' });

test('each is said once, and taken back by itself', () => {
  const both = addWarning(addWarning(addWarning([], german), french), german);
  expect(both).toEqual([french, german]);
  expect(removeWarning(both, german)).toEqual([french]);
});

test('what is known takes the place of what was suspected', () => {
  const suspected = { type: 'corrupt', message: 'Parts may be damaged.' };
  const found = { type: 'corrupt', message: '3 % of the pictures are damaged.' };
  expect(replaceWarning([suspected, german], found)).toEqual([german, found]);
});
