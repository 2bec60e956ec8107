import { S3ServiceException } from '@aws-sdk/client-s3';
import { AppError } from '@mediaflow/shared/errors';
import { rangeNotSatisfiable } from './byte-range.ts';

/** The key is not there. A missing bucket (`NoSuchBucket`, 404 too) is a fault of the installation, not an absence. */
export function isAbsentKey(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');
}

/** An answer to `If-None-Match: *`: the object is there. */
export function isAlreadyThere(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412;
}

/** Another writer or a delete of the same key came in between; nobody knows yet who won. */
export function isConflict(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === 'ConditionalRequestConflict';
}

/** The server does not know the condition, as MinIO before 2024 and some gateways, and wrote nothing. */
export function isConditionUnknown(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 501;
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
