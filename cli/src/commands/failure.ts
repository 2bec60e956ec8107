import { AppError } from '@mediaflow/shared/errors';

/** What a person reads. Our own errors are sentences already; of others the stack is only shown on demand. */
export function describeFailure(error: unknown, isDebugging: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (isDebugging) return `${error.stack}${error.cause === undefined ? '' : `\ncaused by ${describeFailure(error.cause, true)}`}`;
  if (error instanceof AppError || error.message !== '') return error.message;
  return error.name;
}
