import { z } from 'zod';

/** An exact ratio, as video rates need: 30000/1001 has no finite decimal. */
export const rationalSchema = z.object({ num: z.number().int().positive(), den: z.number().int().positive() });
export type Rational = Readonly<z.infer<typeof rationalSchema>>;

export const toNumber = ({ num, den }: Rational): number => num / den;

export const stringifyRational = ({ num, den }: Rational): string => `${num}/${den}`;

/** Reads ffprobe's `30000/1001`; undefined for `0/0` and anything else without a value. */
export function parseRational(text: string | undefined): Rational | undefined {
  const [num, den = 1] = (text ?? '').split(/[/:]/).map(Number);
  if (num === undefined || !Number.isSafeInteger(num) || !Number.isSafeInteger(den) || num <= 0 || den <= 0) return undefined;
  return { num, den };
}
