// A bucket of Amazon S3 or of a store that speaks its protocol.
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import { type ConnectorTestContext, defineConnector } from '@tidewheel/kit/define-connector';
import { writeProbe } from '../files/write-probe.ts';
import { openS3 } from '../s3/s3-client.ts';
import { s3Failure } from '../s3/s3-failure.ts';
import { S3Place } from '../s3/s3-place.ts';
import { S3Config, S3Secret } from '../s3/s3-settings.ts';
import { TestChecks } from './test-checks.ts';

export const s3 = defineConnector({
  type: 's3',
  title: 'S3 bucket',
  icon: 'bucket',
  description: 'Reads and writes the objects of a bucket of Amazon S3, or of a store that speaks its protocol (MinIO, Ceph, Swift), below one folder of it.',
  config: S3Config,
  secret: S3Secret,
  destination: ['endpoint', 'region', 'bucket', 'accessKeyId', 'ca'],
  examples: [
    {
      title: 'A bucket of Amazon',
      config: { endpoint: 'https://s3.eu-central-1.amazonaws.com', region: 'eu-central-1', bucket: 'exchange', accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
    },
  ],
  test: testS3,
  files: (reach) => new S3Place(reach),
});

async function testS3({ config, secret }: { config: S3Config; secret: S3Secret | null }, { signal }: ConnectorTestContext): Promise<TestResult> {
  const checks = new TestChecks((thrown) => s3Failure(thrown, config));
  const url = new URL(config.endpoint);
  const place = { host: url.hostname, port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80), class: 'host' as const };
  if (!(await checks.reaches(place, { signal, timeoutSeconds: config.timeoutSeconds }))) return checks.result();
  if (!secret) {
    checks.failed('sign-in', new InvalidInput('s3.no_secret', 'There is no secret key to sign in with.', { hint: 'Enter one, or name a credential.' }));
    return checks.result();
  }
  const client = openS3({ config, secret });
  const files = new S3Place({ workspaceId: '', slug: '', config, secret, signal }, client);
  try {
    const listed = async () => {
      const { KeyCount: count = 0 } = await client.send(new ListObjectsV2Command({ Bucket: config.bucket, MaxKeys: 10 }), { abortSignal: signal });
      return `The bucket ${config.bucket} can be listed (${count === 0 ? 'empty' : 'it holds objects'}).`;
    };
    if ((await checks.attempt('sign-in', listed)) && !config.readOnly) await checks.attempt('write', () => writeProbe(files));
  } finally {
    client.destroy();
  }
  return checks.result();
}
