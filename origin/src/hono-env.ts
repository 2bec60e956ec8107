import type { AccountId, TokenId } from '@mediaflow/shared/ids';

/** What middleware leaves in Hono's context for the routes. */
export interface OriginEnv {
  Variables: {
    requestId: string;
    traceId: string;
    /** Management routes only. */
    accountId: AccountId;
    tokenId: TokenId;
  };
}
