import { z } from 'zod';

/** An exact ratio, as video rates need: 30000/1001 has no finite decimal. */
export const rationalSchema = z.object({ num: z.number().int().positive(), den: z.number().int().positive() });
export type Rational = Readonly<z.infer<typeof rationalSchema>>;

export const toNumber = ({ num, den }: Rational): number => num / den;

export const stringifyRational = ({ num, den }: Rational): string => `${num}/${den}`;

/** Reads ffprobe's `30000/1001`; undefined for `0/0` and anything else without a value. */
export function parseRational(text: string | undefined): Rational | undefined {
  const match = /^(\d+)(?:[/:](\d+))?$/.exec(text ?? '');
  const [num, den] = [Number(match?.[1]), Number(match?.[2] ?? 1)];
  return Number.isSafeInteger(num) && Number.isSafeInteger(den) && num > 0 && den > 0 ? { num, den } : undefined;
}
