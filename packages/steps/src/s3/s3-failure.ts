// What a store that speaks S3 and the network report, as errors a person can act on. Refused keys are not tried again.
import { AppError, Conflict, InvalidInput, NotAllowed, NotFound, TimedOut, Unreachable } from '@tidewheel/contract/errors';

interface S3Error extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

export function isMissingKey(thrown: unknown): boolean {
  const error = thrown as S3Error;
  return error.name === 'NoSuchKey' || error.name === 'NotFound' || (error.$metadata?.httpStatusCode === 404 && error.name !== 'NoSuchBucket');
}

export function s3Failure(thrown: unknown, { bucket, endpoint, key }: { bucket: string; endpoint: string; key?: string }): AppError {
  for (let error: unknown = thrown; error instanceof Error; error = error.cause) if (error instanceof AppError) return error;
  const error = thrown as S3Error;
  const status = error.$metadata?.httpStatusCode;
  const where = `the bucket ${bucket} at ${new URL(endpoint).host}`;
  const options = (hint: string) => ({ hint, cause: thrown });
  if (error.name === 'NoSuchBucket')
    return new NotFound('s3.bucket', `There is no ${where.slice(4)}.`, options('Check the name of the bucket, the endpoint and the region.'));
  if (isMissingKey(thrown) && key !== undefined)
    return new NotFound('s3.missing', `There is no ${key} in ${where}.`, options('Check the path; upper and lower case count.'));
  if (/SignatureDoesNotMatch|InvalidAccessKeyId|CredentialsProviderError|ExpiredToken|InvalidToken|AuthFailure/.test(error.name) || status === 401)
    return new InvalidInput('s3.sign_in', `${where} refused the keys (${error.name}).`, options('Check access key, secret key and region.'));
  if (/AccessDenied|Forbidden/.test(error.name) || status === 403)
    return new NotAllowed(
      's3.refused',
      `${where} does not allow that (${error.name}).`,
      options('Give these keys the right, or check them: some stores say this of wrong keys too.'),
    );
  if (status === 412)
    return new Conflict(
      'file.exists',
      `There is another ${key ?? 'object'} in ${where} already.`,
      options('Give the file another name, or let the step replace it.'),
    );
  if (/QuotaExceeded|EntityTooLarge/.test(error.name) || status === 507 || status === 413)
    return new Unreachable(
      's3.full',
      `There is no space left in ${where} (${error.name}).`,
      options('Raise the quota of the bucket; the step is tried again by itself.'),
    );
  if (/timeout/i.test(error.name) || error.code === 'ETIMEDOUT')
    return new TimedOut('s3.timeout', `${where} did not answer in time.`, options('Look at the network and at the load of the store.'));
  if (error.code === 'ENOTFOUND' || error.code === 'ECONNREFUSED' || error.code === 'EAI_AGAIN')
    return new Unreachable('s3.unreachable', `${where} cannot be reached (${error.code}).`, options('Check the endpoint, and that the store runs.'));
  if (/^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(error.code ?? ''))
    return new InvalidInput(
      's3.tls',
      `TLS with ${where} did not come about: ${error.message}.`,
      options('Give the authority that signed its certificate (ca).'),
    );
  return new Unreachable(
    's3.failed',
    `${where} failed: ${error.name}${status ? ` (HTTP ${status})` : ''}: ${error.message}`,
    options('The step is tried again by itself.'),
  );
}
