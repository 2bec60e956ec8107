import type { World } from './model.ts';

/** Films of neighbouring ranks, taken as equally popular. */
export interface RankGroup {
  readonly films: number;
  /** Part of all viewers who watch one of them, for each. */
  readonly share: number;
}

/** The first hundred ranks one by one, then groups that grow by 3 %: 100,000 films in some 300 groups. */
export function groupRanks({ films, zipfExponent }: Pick<World, 'films' | 'zipfExponent'>): readonly RankGroup[] {
  const groups: { films: number; weight: number }[] = [];
  for (let first = 1; first <= films; ) {
    const count = Math.min(films - first + 1, first <= 100 ? 1 : Math.ceil(first * 0.03));
    let weight = 0;
    for (let rank = first; rank < first + count; rank += 1) weight += rank ** -zipfExponent;
    groups.push({ films: count, weight });
    first += count;
  }
  const total = groups.reduce((sum, { weight }) => sum + weight, 0);
  return groups.map((group) => ({ films: group.films, share: group.weight / group.films / total }));
}

/** How viewers of a film are spread over its parts: what share of them is in each of `parts` equal parts. */
export function spreadOverFilm(leaving: number, parts: number): readonly number[] {
  const weights = Array.from({ length: parts }, (_, part) => Math.exp((-leaving * (part + 0.5)) / parts));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
