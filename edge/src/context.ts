import type { AccountId, TokenId } from '@mediaflow/shared/ids';
import type { Scope } from '@mediaflow/shared/scopes';
import type { TraceContext } from '@mediaflow/shared/trace-context';
import type { Context } from 'hono';
import type { WaitUntil } from './ports.ts';

/** Who a management request acts for, once `middleware/credentials.ts` has let it through. */
export interface Caller {
  readonly accountId: AccountId;
  readonly tokenId: TokenId;
  readonly scopes: readonly Scope[];
}

export interface EdgeEnv {
  Variables: {
    requestId: string;
    /** How the cache answered, as `Server-Timing` says it; none where it was not asked. */
    cacheTiming: string | undefined;
    /** By `middleware/trace.ts`. */
    trace: TraceContext | undefined;
    caller: Caller;
  };
}

export const waitUntilOf =
  (c: Context<EdgeEnv>): WaitUntil =>
  (work) =>
    c.executionCtx.waitUntil(work);
