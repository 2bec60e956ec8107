import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CacheLedger } from './cache-ledger.ts';

function fillLedger(limitBytes: number, ...names: string[]): CacheLedger {
  const ledger = new CacheLedger(limitBytes);
  for (const name of names) {
    ledger.reserve(name, 10);
    ledger.commit(name);
  }
  return ledger;
}

it('makes room by what was used longest ago', () => {
  const ledger = fillLedger(30, 'a', 'b', 'c');
  ledger.touch('a');
  expect(ledger.reserve('d', 15)).toEqual(['b', 'c']);
  expect(ledger.usedBytes).toBe(25);
});

it.each<[string, (ledger: CacheLedger) => unknown]>([
  ['what does not fit at all', (ledger) => ledger.reserve('x', 31)],
  ['what another is writing', (ledger) => ledger.reserve('x', 10) && ledger.reserve('x', 10)],
  ['what would have to push out files being written', (ledger) => ledger.reserve('x', 20) && ledger.reserve('y', 20)],
])('refuses %s', (_, reserve) => {
  expect(reserve(fillLedger(30, 'a', 'b', 'c'))).toBeUndefined();
});

it('replaces a file of the same name, which its writer has not found', () => {
  const ledger = fillLedger(30, 'a', 'b', 'c');
  expect([ledger.reserve('a', 5), ledger.usedBytes]).toEqual([[], 25]);
});

it('says when the room of a file was given up while it was written', () => {
  const ledger = fillLedger(30);
  ledger.reserve('x', 10);
  ledger.remove('x');
  expect(ledger.commit('x')).toBe(false);
});

it('gives the room of a file back that was not written', () => {
  const ledger = fillLedger(30, 'a', 'b');
  ledger.reserve('x', 10);
  ledger.remove('x');
  expect([ledger.usedBytes, ledger.reserve('x', 10)]).toEqual([20, []]);
});

it('never holds more than its limit, nor another sum than its files', () => {
  const step = fc.record({
    action: fc.constantFrom('reserve', 'commit', 'remove', 'touch'),
    name: fc.constantFrom(...'abcdefgh'),
    sizeBytes: fc.nat(40),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const ledger = new CacheLedger(100);
      const files = new Map<string, number>();
      for (const { action, name, sizeBytes } of steps) {
        if (action === 'reserve') {
          const evicted = ledger.reserve(name, sizeBytes);
          for (const each of evicted ?? []) expect(files.delete(each)).toBe(true);
          if (evicted !== undefined) files.set(name, sizeBytes);
        } else ledger[action as 'commit' | 'remove' | 'touch'](name);
        if (action === 'remove') files.delete(name);
        expect(ledger.usedBytes).toBe([...files.values()].reduce((sum, size) => sum + size, 0));
        expect(ledger.usedBytes).toBeLessThanOrEqual(100);
      }
    }),
  );
});
