import { expect, test } from 'vitest';
import { createDeafnessWatch } from './deafness.ts';

const FREE = { taken: 5, running: 0, isOpen: true };

/** What the watch says at the end of a history of looks, 10 s apart. */
function lookBack(...looks: readonly (readonly [state: typeof FREE, takeable: number | undefined])[]): boolean {
  const watch = createDeafnessWatch(60_000);
  return looks.map(([state, takeable], index) => watch.isDeaf(state, takeable, index * 10_000)).at(-1) ?? false;
}
const times = (count: number, ...look: readonly [typeof FREE, number | undefined]) => Array.from({ length: count }, () => look);

test.each([
  ['jobs wait for a minute and it takes none', times(8, FREE, 3), true],
  ['less than a minute', times(6, FREE, 3), false],
  ['there is nothing to do', times(20, FREE, 0), false],
  ['it is busy', times(20, { ...FREE, running: 2, isOpen: false }, 50), false],
  ['Redis is away', times(20, FREE, undefined), false],
  ['it took one in between', [...times(5, FREE, 3), ...times(5, { ...FREE, taken: 6 }, 3)], false],
  ['it took one long ago', [...times(5, FREE, 3), ...times(9, { ...FREE, taken: 6 }, 3)], true],
  ['the queue was empty in between', [...times(5, FREE, 3), ...times(1, FREE, 0), ...times(5, FREE, 3)], false],
  ['Redis was away in between', [...times(5, FREE, 3), ...times(1, FREE, undefined), ...times(5, FREE, 3)], false],
])('%s', (_, looks, isDeaf) => {
  expect(lookBack(...looks)).toBe(isDeaf);
});
