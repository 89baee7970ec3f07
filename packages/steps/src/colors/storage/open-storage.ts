// From the connection that a step names to the storage behind it.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { StepContext } from '@tidewheel/kit/step-context';
import { openPlace } from '../../files/open-place.ts';
import { s3ClientOf } from '../../s3/s3-client.ts';
import { S3Config, S3Secret } from '../../s3/s3-settings.ts';
import type { ColorStorage } from './color-storage.ts';
import { JsonFiles } from './json-files.ts';
import { OracleTable } from './oracle-table.ts';
import { PostgresTable } from './postgres-table.ts';
import { S3Objects } from './s3-objects.ts';

/** The types of connections that can keep colors, for `connection(…)`. */
export const storageConnections = 'folder|s3|postgres|oracle';

export interface StoragePlace {
  connection: string;
  /** Of files and objects: below the root of the connection. */
  path: string;
  /** Of databases. */
  table: string;
  keepDays?: number | undefined;
}

/** @throws InvalidInput when the connection is of another type */
export async function openStorage(ctx: StepContext, { connection: slug, path: folder, table, keepDays }: StoragePlace): Promise<ColorStorage> {
  const connection = await ctx.connection(slug);
  if (connection.type === 'postgres') return new PostgresTable({ ctx, connection, table });
  if (connection.type === 'oracle') return new OracleTable({ ctx, connection, table });
  if (connection.type !== 'folder' && connection.type !== 's3')
    throw new InvalidInput('connection.type', `The connection "${slug}" is of type ${connection.type}; one that can keep colors is needed here.`, {
      hint: `Name a connection of the type ${storageConnections.replaceAll('|', ', ')}.`,
    });
  const files = { place: await openPlace(ctx, { connection: slug }), folder, ctx };
  if (connection.type === 'folder') return new JsonFiles(files);
  const config = S3Config.parse(connection.config);
  const secret = connection.secret && S3Secret.parse(connection.secret);
  return new S3Objects({ ...files, client: s3ClientOf({ workspaceId: ctx.run.workspaceId, slug, config, secret }), config, keepDays });
}
