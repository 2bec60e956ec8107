import { accountIdSchema, tokenIdSchema } from '@mediaflow/shared/ids';
import { userSessionIdSchema } from '@mediaflow/shared/internal';
import { type HmacKey, signJson, verifyJson } from '@mediaflow/shared/signed';
import { z } from 'zod';

/**
 * A person signed in at the dashboard with an API token. Holds no secret: it names the API token, has its scopes, and is worth nothing
 * once the origin says that the token is revoked or the session signed out (asked again every `LOOKUP_LIFETIMES_MS.userSession`).
 */
const userSessionSchema = z.object({
  sessionId: userSessionIdSchema,
  tokenId: tokenIdSchema,
  accountId: accountIdSchema,
  exp: z.number().int(),
});
export type UserSession = z.infer<typeof userSessionSchema>;

export const USER_SESSION_COOKIE = 'mediaflow_session';

export function signUserSession(key: HmacKey, session: UserSession): Promise<string> {
  return signJson(key, session);
}

/** Undefined for anything forged, malformed or expired at `now` (Unix seconds). */
export async function verifyUserSession(key: HmacKey, text: string, now: number): Promise<UserSession | undefined> {
  const parsed = userSessionSchema.safeParse(await verifyJson(key, text));
  return parsed.success && parsed.data.exp > now ? parsed.data : undefined;
}
