import type { AccountId, AssetId } from '@mediaflow/shared/ids';

/** A unit that waits for its turn. */
export interface WaitingUnit {
  readonly accountId: AccountId;
  readonly assetId: AssetId;
  readonly version: number;
  readonly id: string;
  readonly position: number;
  /** Of a second codec. */
  readonly isExtra: boolean;
}

/** Units of an asset that are in the queue or being made. */
export interface AssetInFlight {
  readonly accountId: AccountId;
  readonly assetId: AssetId;
  readonly count: number;
}

/** When an account or an asset last had its turn; a higher number is later, none is never. */
export type Turns = ReadonlyMap<string, number>;

/**
 * Whose units come next. Pure. Of the accounts, the one with the fewest units in flight; within it, first codecs before
 * second ones, and of the assets the one with the fewest in flight; within it, the earliest unit. Who had its turn longest ago
 * goes first where these are equal, so that more accounts than workers all get on.
 */
export function chooseUnits(
  waiting: readonly WaitingUnit[],
  inFlight: readonly AssetInFlight[],
  room: number,
  turns: Turns = new Map(),
): readonly WaitingUnit[] {
  const loads = new Map<string, number>();
  const add = (id: string, count: number): Map<string, number> => loads.set(id, (loads.get(id) ?? 0) + count);
  for (const { accountId, assetId, count } of inFlight) {
    add(accountId, count);
    add(assetId, count);
  }
  const lastTurns = new Map(turns);
  let turn = Math.max(0, ...turns.values());
  const ranksOf = ({ accountId, assetId, isExtra, position }: WaitingUnit): readonly number[] => [
    loads.get(accountId) ?? 0,
    lastTurns.get(accountId) ?? 0,
    Number(isExtra),
    loads.get(assetId) ?? 0,
    lastTurns.get(assetId) ?? 0,
    position,
  ];

  const queues = queueByAsset(waiting);
  const chosen: WaitingUnit[] = [];
  while (chosen.length < room) {
    const next = takeFirst(queues, ranksOf);
    if (next === undefined) break;
    chosen.push(next);
    turn += 1;
    for (const id of [next.accountId, next.assetId]) {
      add(id, 1);
      lastTurns.set(id, turn);
    }
  }
  return chosen;
}

/** Among the units of one asset the order is always the same: only the first of each has to be held against the others. */
const queueByAsset = (waiting: readonly WaitingUnit[]): readonly WaitingUnit[][] =>
  Array.from(Map.groupBy(waiting, ({ assetId }) => assetId).values(), (units) =>
    units.toSorted((a, b) => Number(a.isExtra) - Number(b.isExtra) || a.position - b.position),
  );

/** Takes the unit that comes first out of its queue. */
function takeFirst(queues: readonly WaitingUnit[][], ranksOf: (unit: WaitingUnit) => readonly number[]): WaitingUnit | undefined {
  let first: { readonly queue: WaitingUnit[]; readonly ranks: readonly number[] } | undefined;
  for (const queue of queues) {
    const [head] = queue;
    if (head === undefined) continue;
    const ranks = ranksOf(head);
    if (first === undefined || isBefore(ranks, first.ranks)) first = { queue, ranks };
  }
  return first?.queue.shift();
}

function isBefore(ranks: readonly number[], others: readonly number[]): boolean {
  const index = ranks.findIndex((rank, order) => rank !== others[order]);
  return index >= 0 && (ranks[index] ?? 0) < (others[index] ?? 0);
}
