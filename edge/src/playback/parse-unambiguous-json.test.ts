import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUnambiguousJson } from './parse-unambiguous-json.ts';

describe('parseUnambiguousJson', () => {
  it.each([
    ['two members of one name', '{"a":1,"a":1}'],
    ['the same name, spelled otherwise', '{"exp":1,"ex\\u0070":2}'],
    ['the same name, spaced otherwise', '{"a":1, "a"\n\t:2}'],
    ['the same name far apart', '{"a":{"x":[1,{"y":2}]},"b":"}","a":2}'],
    ['the same name within', '{"rules":[{"action":"block","action":"allow"}]}'],
    ['the same odd name', '{"a\\"b":1,"a\\"b":2}'],
    ['two __proto__', '{"__proto__":1,"__proto__":2}'],
    ['more depth than a claim has', `${'{"a":'.repeat(9)}1${'}'.repeat(9)}`],
    ['lists within lists', `{"a":${'['.repeat(4000)}${']'.repeat(4000)}}`],
    ['a list', '[{"a":1}]'],
    ['a text', '"a"'],
    ['null', 'null'],
    ['nothing', ''],
    ['something after it', '{"a":1}{"a":1}'],
    ['a comma too many', '{"a":1,}'],
    ['a number JSON does not have', '{"a":NaN}'],
    ['a byte order mark', '\ufeff{"a":1}'],
  ])('refuses %s', (_, text) => {
    expect(parseUnambiguousJson(text)).toBeUndefined();
  });

  it.each([
    '{}',
    '{"a":1,"b":1}',
    '{"a":{"a":{"a":1}}}',
    '{"a":[{"a":1},{"a":2}]}',
    '{"a":"\\"a\\":","b":["a","a"]}',
    '{"a":"{[","b":"]}"}',
    '{"":1," ":2}',
    '{"a\\\\":1,"a":2}',
    ' { "a" : "x" } ',
  ])('reads %s', (text) => {
    expect(parseUnambiguousJson(text)).toEqual(JSON.parse(text));
  });

  it('reads whatever JSON.stringify writes, and refuses it with any of its members twice', () => {
    const objects = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 });
    fc.assert(
      fc.property(objects, fc.nat(), (object, choice) => {
        const text = JSON.stringify(object);
        expect(parseUnambiguousJson(text)).toEqual(JSON.parse(text));
        const names = Object.keys(object);
        const again = JSON.stringify(names[choice % names.length]);
        expect(parseUnambiguousJson(`{${again}:0,${text.slice(1)}`)).toBeUndefined();
        expect(parseUnambiguousJson(`${text.slice(0, -1)},${again}:0}`)).toBeUndefined();
      }),
    );
  });
});
