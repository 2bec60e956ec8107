import { AppError } from '@mediaflow/shared/errors';

const RETRY_AFTER_SECONDS = 2;

/** What every reader makes of everything that is neither an object nor its absence. */
export function unavailable(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError('unavailable', 'The media store is briefly unavailable; try again.', {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
