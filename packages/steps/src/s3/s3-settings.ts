// What it takes to reach a bucket.
import { z } from 'zod';
import { certificateField, connectTimeoutField, passwordField, plainText, readOnlyField } from '../connectors/connection-fields.ts';

export const S3Config = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .refine((text) => URL.canParse(text) && new URL(text).username === '' && new URL(text).search === '', 'must be an address without user and query')
    .meta({ title: 'Endpoint', examples: ['https://s3.eu-central-1.amazonaws.com'] }),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,50}$/, 'must be a region like eu-central-1')
    .default('us-east-1')
    .meta({ title: 'Region' }),
  bucket: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{1,254}$/, 'must be the name of a bucket')
    .meta({ title: 'Bucket' }),
  prefix: z
    .string()
    .max(500)
    .refine((text) => !text.split('/').includes('..') && !/\p{Cc}/u.test(text), 'must not hold ".." or a control character')
    .default('')
    .meta({ title: 'Folder in the bucket', description: 'The root of this connection: nothing outside of it is reached.', examples: ['exchange/in'] }),
  accessKeyId: plainText(200).meta({ title: 'Access key ID' }),
  pathStyle: z.boolean().default(true).meta({ title: 'Bucket in the path', description: 'Off for stores that want it in the host name.' }),
  readOnly: readOnlyField,
  ca: certificateField,
  timeoutSeconds: connectTimeoutField,
});
export type S3Config = z.output<typeof S3Config>;

export const S3Secret = z.strictObject({ secretAccessKey: passwordField('Secret access key'), sessionToken: passwordField('Session token').optional() });
export type S3Secret = z.output<typeof S3Secret>;
