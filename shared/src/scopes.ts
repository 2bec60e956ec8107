import { z } from 'zod';

/** What an API token may do: Mux's permissions by section of the API. Writing does not include reading. */
export const SCOPES = ['video:read', 'video:write', 'system:read', 'system:write'] as const;
export const scopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof scopeSchema>;

/** Each once, in the order of `SCOPES`. */
export const scopesSchema = z
  .array(scopeSchema)
  .min(1)
  .max(20)
  .transform((scopes) => SCOPES.filter((scope) => scopes.includes(scope)));
