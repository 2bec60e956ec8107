import type { ExecutionContext } from 'hono';

export interface TestContext {
  readonly context: ExecutionContext;
  /** Resolves when all that the request left running has ended. */
  settled(): Promise<unknown>;
}
