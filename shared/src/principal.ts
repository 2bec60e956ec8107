import { z } from 'zod';
import { accountIdSchema, tokenIdSchema } from './ids.ts';
import { type HmacKey, signJson, verifyJson } from './signed.ts';

/** Who a request is for, as the edge established it. The origin believes this and nothing else. */
export const principalSchema = z.discriminatedUnion('kind', [
  /** An API token or a dashboard user session: acts for one account. */
  z.object({ kind: z.literal('token'), accountId: accountIdSchema, tokenId: tokenIdSchema, exp: z.number().int() }),
  /** The edge or the launcher itself, for `/internal` only. */
  z.object({ kind: z.literal('service'), name: z.string().max(40), exp: z.number().int() }),
]);
export type Principal = z.infer<typeof principalSchema>;
type WithoutExpiry<T> = T extends unknown ? Omit<T, 'exp'> : never;

export const PRINCIPAL_HEADER = 'x-mediaflow-principal';

/** Long enough for clock skew and a slow upload of a JSON body, short enough that a leaked one is soon worthless. */
export const PRINCIPAL_LIFE_SECONDS = 60;

/** `key` is `deriveHmacKey(secret, 'principal')`, `now` Unix seconds. */
export function signPrincipal(key: HmacKey, principal: WithoutExpiry<Principal>, now: number): Promise<string> {
  return signJson(key, { ...principal, exp: Math.floor(now) + PRINCIPAL_LIFE_SECONDS });
}

export async function verifyPrincipal(key: HmacKey, text: string, now: number): Promise<Principal | undefined> {
  const parsed = principalSchema.safeParse(await verifyJson(key, text));
  return parsed.success && parsed.data.exp > now ? parsed.data : undefined;
}
