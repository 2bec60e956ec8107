import { S3ServiceException } from '@aws-sdk/client-s3';
import { AppError } from '@mediaflow/shared/errors';
import { rangeNotSatisfiable } from './byte-range.ts';

/** The key is not there. A missing bucket (`NoSuchBucket`, 404 too) is a fault of the installation, not an absence. */
export function isAbsentKey(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');
}

/** Everything that is neither an absence nor the caller's range is an outage to the caller: refused, throttled, unreachable, misconfigured. */
export function toS3Error(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof S3ServiceException)) return new AppError('unavailable', 'The object store does not answer.', { cause: error });
  const { httpStatusCode, requestId } = error.$metadata;
  if (httpStatusCode === 416) return rangeNotSatisfiable(error);
  return new AppError('unavailable', 'The object store refused the request.', {
    cause: error,
    details: { name: error.name, status: httpStatusCode, requestId },
  });
}
