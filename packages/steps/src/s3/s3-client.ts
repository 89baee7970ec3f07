// Clients of S3 stores: kept per connection for as long as it is used, each request to a checked address.
import { createHash, randomBytes } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Reach } from '@tidewheel/kit/define-connector';
import { egressGeneration } from '@tidewheel/kit/egress/egress';
import { createEgressAgents } from '@tidewheel/kit/egress/egress-agents';
import type { S3Config, S3Secret } from './s3-settings.ts';

const keptMs = 30_000;
/** Keyed, so that the keys of this map give nothing of a secret away. */
const keySalt = randomBytes(32);
const kept = new Map<string, { client: S3Client; timer: NodeJS.Timeout }>();

/** @throws InvalidInput when there is no secret */
export function s3ClientOf({ workspaceId, slug, config, secret }: Omit<Reach<S3Config, S3Secret>, 'signal'>): S3Client {
  if (!secret) throw new InvalidInput('s3.no_secret', `The connection "${slug}" has no keys.`, { hint: 'Enter the secret access key, or name a credential.' });
  const key = createHash('sha256')
    .update(keySalt)
    .update(JSON.stringify([workspaceId, slug, config, secret, egressGeneration()]))
    .digest('hex');
  const found = kept.get(key);
  if (found) {
    found.timer.refresh();
    return found.client;
  }
  const client = openS3({ config, secret });
  const forget = () => {
    kept.delete(key);
    client.destroy();
  };
  kept.set(key, { client, timer: setTimeout(forget, keptMs).unref() });
  return client;
}

export function openS3({ config, secret }: { config: S3Config; secret: S3Secret }): S3Client {
  const agents = createEgressAgents({ class: 'host', connectMs: config.timeoutSeconds * 1000, certificateAuthority: config.ca });
  return new S3Client({
    endpoint: config.endpoint,
    region: config.region,
    forcePathStyle: config.pathStyle,
    maxAttempts: 3,
    // It would write to our standard error past the logger and its redactor.
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {} },
    // Many stores other than Amazon's refuse checksum trailers.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { ...agents, connectionTimeout: config.timeoutSeconds * 1000, socketTimeout: 60_000 },
    credentials: {
      accessKeyId: config.accessKeyId,
      secretAccessKey: secret.secretAccessKey,
      ...(secret.sessionToken ? { sessionToken: secret.sessionToken } : {}),
    },
  });
}

/** For tests. */
export function closeS3Clients(): void {
  for (const { client, timer } of kept.values()) {
    clearTimeout(timer);
    client.destroy();
  }
  kept.clear();
}
