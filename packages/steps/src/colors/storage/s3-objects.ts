// Colors as objects of a bucket, which is made where it is missing and may be, with a rule that clears it.
import {
  CreateBucketCommand,
  GetBucketLifecycleConfigurationCommand,
  HeadBucketCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { plainPath } from '../../files/file-place.ts';
import { s3Failure } from '../../s3/s3-failure.ts';
import type { S3Config } from '../../s3/s3-settings.ts';
import { JsonFiles, type JsonFilesOptions } from './json-files.ts';

/** Parts of uploads that broke for good are of no use to anybody. */
const partsKeptDays = 7;

export interface S3ObjectsOptions extends JsonFilesOptions {
  client: S3Client;
  config: S3Config;
  /** Objects are cleared so many days after they were written; undefined: never. */
  keepDays: number | undefined;
}

export class S3Objects extends JsonFiles {
  readonly #options: S3ObjectsOptions;

  constructor(options: S3ObjectsOptions) {
    super(options);
    this.#options = options;
  }

  override async setup(): Promise<string[]> {
    const { config } = this.#options;
    if (config.readOnly) return [];
    const made = (await this.#hasBucket()) ? [] : [await this.#attempt(() => this.#makeBucket(), `the bucket ${config.bucket}`)];
    if (this.#options.keepDays === undefined) return made;
    const ruled = await this.#attempt(() => this.#putRule(), 'its rule');
    return [...made, ...(ruled === '' ? [] : [ruled])];
  }

  async #hasBucket(): Promise<boolean> {
    const { client, config, ctx } = this.#options;
    try {
      await client.send(new HeadBucketCommand({ Bucket: config.bucket }), { abortSignal: ctx.signal });
      return true;
    } catch (thrown) {
      const status = (thrown as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
      // Who may not look may still write.
      if (status === 404) return false;
      if (status === 403) return true;
      throw s3Failure(thrown, config);
    }
  }

  async #makeBucket(): Promise<string> {
    const { client, config, ctx } = this.#options;
    // Amazon takes its first region only unnamed.
    const place = config.region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: config.region as never } };
    await client.send(new CreateBucketCommand({ Bucket: config.bucket, ...place }), { abortSignal: ctx.signal });
    return `Made the bucket ${config.bucket}.`;
  }

  /** @returns '' when the bucket has that very rule */
  async #putRule(): Promise<string> {
    const { client, config, ctx, keepDays } = this.#options;
    const rules = await this.#rules();
    const own = this.#rule();
    const found = rules.find(({ ID }) => ID === own.ID);
    if (found?.Expiration?.Days === keepDays && found?.Status === 'Enabled') return '';
    const others = rules.filter(({ ID }) => ID !== own.ID);
    const configuration = { Bucket: config.bucket, LifecycleConfiguration: { Rules: [...others, own] } };
    await client.send(new PutBucketLifecycleConfigurationCommand(configuration), { abortSignal: ctx.signal });
    return `The bucket clears what is older than ${keepDays} days below ${own.Filter?.Prefix || 'its root'}.`;
  }

  #rule(): LifecycleRule {
    const { config, folder, keepDays } = this.#options;
    const below = [plainPath(config.prefix), plainPath(folder)].filter((part) => part !== '').join('/');
    const prefix = below === '' ? '' : `${below}/`;
    return {
      ID: `tidewheel ${prefix}`.trim().slice(0, 255),
      Status: 'Enabled',
      Filter: { Prefix: prefix },
      Expiration: { Days: keepDays },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: partsKeptDays },
    };
  }

  async #rules(): Promise<LifecycleRule[]> {
    const { client, config, ctx } = this.#options;
    try {
      const found = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: config.bucket }), { abortSignal: ctx.signal });
      return found.Rules ?? [];
    } catch (thrown) {
      if ((thrown as Error).name === 'NoSuchLifecycleConfiguration') return [];
      throw thrown;
    }
  }

  /** What these keys may not, or this store cannot, is said and does not stop the colors: writing them says what is really missing. */
  async #attempt(work: () => Promise<string>, what: string): Promise<string> {
    try {
      return await work();
    } catch (thrown) {
      const { ctx, config } = this.#options;
      ctx.signal.throwIfAborted();
      const { $metadata, name } = thrown as Error & { $metadata?: { httpStatusCode?: number } };
      // Swift knows no rules and takes one for a faulty description of a bucket.
      if (/NotImplemented|MethodNotAllowed|MalformedXML/.test(name) || [405, 501].includes($metadata?.httpStatusCode ?? 0))
        return `Could not set up ${what}: this store does not do that (${name}).`;
      if ($metadata?.httpStatusCode === 403) return `Could not set up ${what}: these keys may not (${name}).`;
      throw s3Failure(thrown, config);
    }
  }
}
