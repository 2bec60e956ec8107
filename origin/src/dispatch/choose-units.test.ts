import { type AccountId, type AssetId, accountIdSchema, assetIdSchema } from '@mediaflow/shared/ids';
import { expect, test } from 'vitest';
import { type AssetInFlight, chooseUnits, type WaitingUnit } from './choose-units.ts';

const hex = (name: string): string => Buffer.from(name).toString('hex').padEnd(32, '0');
const account = (name: string): AccountId => accountIdSchema.parse(hex(`account ${name}`));
const asset = (name: string): AssetId => assetIdSchema.parse(hex(name));

/** `A1.3`: account A's first asset's third unit; `A1.3x` of the second codec. */
function waiting(...names: readonly string[]): readonly WaitingUnit[] {
  return names.map((id) => {
    const [owner = '', position = ''] = id.split('.');
    return {
      id,
      accountId: account(owner.slice(0, 1)),
      assetId: asset(owner),
      version: 1,
      position: Number.parseInt(position, 10),
      isExtra: id.endsWith('x'),
    };
  });
}
const inFlight = (counts: Readonly<Record<string, number>>): readonly AssetInFlight[] =>
  Object.entries(counts).map(([owner, count]) => ({ accountId: account(owner.slice(0, 1)), assetId: asset(owner), count }));

test.each([
  ['earliest first', ['A1.2', 'A1.1', 'A1.3'], {}, 2, ['A1.1', 'A1.2']],
  ['no more than there is', ['A1.1'], {}, 5, ['A1.1']],
  ['none without room', ['A1.1'], {}, 0, []],
  ['accounts in turn', ['A1.1', 'A1.2', 'A1.3', 'B1.1', 'B1.2'], {}, 4, ['A1.1', 'B1.1', 'A1.2', 'B1.2']],
  ['the account with the fewest in flight', ['A1.1', 'A1.2', 'B1.9'], { A1: 4 }, 1, ['B1.9']],
  ['however many assets another one has', ['A1.1', 'A2.1', 'A3.1', 'B1.9'], { A1: 1 }, 2, ['B1.9', 'A2.1']],
  ['within an account, the asset with the fewest', ['A1.1', 'A2.7'], { A1: 2, A2: 1 }, 1, ['A2.7']],
  ['a second codec after every first one of its account', ['A1.9x', 'A2.1', 'A2.2'], { A2: 3 }, 3, ['A2.1', 'A2.2', 'A1.9x']],
  ['a second codec of an idle account before a busy one', ['A1.9x', 'B1.1'], { B1: 2 }, 1, ['A1.9x']],
])('%s', (_, names, counts, room, expected) => {
  expect(chooseUnits(waiting(...names), inFlight(counts), room).map(({ id }) => id)).toEqual(expected);
});

test('where all else is equal, who had its turn longest ago', () => {
  const turns = new Map<string, number>([
    [account('A'), 7],
    [account('B'), 5],
    [account('C'), 6],
  ]);
  const order = chooseUnits(waiting('A1.1', 'B1.1', 'C1.1', 'D1.1'), [], 4, turns).map(({ id }) => id);
  expect(order).toEqual(['D1.1', 'B1.1', 'C1.1', 'A1.1']);
});
