import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from './errors.ts';
import { parseJsonBody } from './parse-json-body.ts';

const parse = (text: string, contentType?: string): unknown => parseJsonBody(new TextEncoder().encode(text), contentType);
const refusal = (run: () => unknown): string | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  }
};

test('reads what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes('\\u0000') && !/\\ud[89a-f]/.test(text));
      expect(parse(text)).toEqual(JSON.parse(text));
    }),
  );
});

test.each(['', ' \n', '{}'])('%j is an empty object', (text) => {
  expect(parse(text)).toEqual({});
});

test.each(['application/json', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'text/plain'])('takes %s', (type) => {
  expect(parse('{"a":1}', type)).toEqual({ a: 1 });
});

test.each(['application/json; charset=utf-16', 'application/json;charset=latin1', 'application/json; charset="iso-8859-1"'])(
  'refuses %s',
  (type) => {
    expect(refusal(() => parse('{}', type))).toMatch(/^unsupported_media_type/);
  },
);

test.each([
  ['{"a":1,"a":2}', /twice/],
  ['{"a":1,"b":{"c":1,"c":1}}', /twice/],
  ['[{"a":1},{"a":1,"\\u0061":2}]', /twice/],
  ['{"__proto__":1,"__proto__":2}', /twice/],
  ['{"a":NaN}', /not valid JSON/],
  ['{"a":Infinity}', /not valid JSON/],
  ["{'a':1}", /not valid JSON/],
  ['{"a":1,}', /not valid JSON/],
  ['{"a":1}{"a":1}', /not valid JSON/],
  ['['.repeat(200_000), /not valid JSON/],
  ['{"a":"\\u0000"}', /Unicode/],
  ['{"\\ud800":1}', /Unicode/],
])('refuses %.40s', (text, message) => {
  expect(refusal(() => parse(text))).toMatch(message);
});

test('is not misled by keys and colons inside of text', () => {
  const value = { a: '"a":1', b: ['"b"', ':', '\\"c\\":'], 'd":"': { '': 1 }, e: [{ a: 1 }, { a: 1 }] };
  expect(parse(JSON.stringify(value))).toEqual(value);
});

test('refuses what is not UTF-8', () => {
  expect(refusal(() => parseJsonBody(new Uint8Array([0x22, 0xff, 0x22])))).toMatch(/not valid UTF-8/);
});
