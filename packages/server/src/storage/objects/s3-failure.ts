// What S3 servers and the network report, in words that say which setting to look at. All of it can pass by itself or be put right meanwhile, so all of it is retryable.
import { AppError, TimedOut, Unreachable } from '@tidewheel/contract/errors';

interface S3Error extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

const keySettings = 'Look at TIDEWHEEL_S3_ACCESS_KEY and TIDEWHEEL_S3_SECRET_KEY, and at what that key may do in the bucket.';

export function s3Failure(thrown: unknown, { bucket, endpoint }: { bucket: string; endpoint: string | undefined }): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = thrown as S3Error;
  const status = error.$metadata?.httpStatusCode;
  const where = `the bucket ${bucket} at ${endpoint ?? 'Amazon S3'}`;
  const options = (hint: string) => ({ hint, cause: thrown });
  if (error.name === 'NoSuchBucket')
    return new Unreachable('s3.bucket', `There is no ${where.replace('the ', '')}.`, options('Make the bucket, or put TIDEWHEEL_S3_BUCKET right.'));
  if (/SignatureDoesNotMatch|InvalidAccessKeyId|AccessDenied|Forbidden|CredentialsProviderError/.test(error.name) || status === 403 || status === 401)
    return new Unreachable('s3.refused', `S3 refused the access to ${where} (${error.name}).`, options(keySettings));
  if (/QuotaExceeded|EntityTooLarge/.test(error.name) || status === 507 || status === 413)
    return new Unreachable('storage.full', `There is no space left in ${where} (${error.name}).`, options('Raise the quota of the bucket.'));
  if (/timeout/i.test(error.name) || error.code === 'ETIMEDOUT')
    return new TimedOut('s3.timeout', `S3 did not answer in time for ${where}.`, options('Look at the network and at the load of the S3 server.'));
  if (error.code === 'ENOTFOUND' || error.code === 'ECONNREFUSED' || error.code === 'EAI_AGAIN')
    return new Unreachable(
      's3.unreachable',
      `S3 cannot be reached for ${where} (${error.code}).`,
      options('Look at TIDEWHEEL_S3_ENDPOINT, and whether that server runs.'),
    );
  return new Unreachable(
    's3.failed',
    `S3 failed for ${where}: ${error.name}${status ? ` (HTTP ${status})` : ''}: ${error.message}`,
    options('Look at the log of the S3 server; the step is tried again by itself.'),
  );
}

export function isMissingKey(thrown: unknown): boolean {
  const error = thrown as S3Error;
  return error.name === 'NoSuchKey' || error.name === 'NotFound' || (error.$metadata?.httpStatusCode === 404 && error.name !== 'NoSuchBucket');
}
