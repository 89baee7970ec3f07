// From what a step names (a connection or a host) to the files that are there.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { StepContext } from '@tidewheel/kit/step-context';
import { FolderConfig } from '../connectors/folder.connector.ts';
import { sftpOf } from '../connectors/sftp.connector.ts';
import { FtpPlace } from '../ftp/ftp-place.ts';
import { FtpConfig, FtpSecret } from '../ftp/ftp-settings.ts';
import { S3Place } from '../s3/s3-place.ts';
import { S3Config, S3Secret } from '../s3/s3-settings.ts';
import { SftpPlace } from '../ssh/sftp-place.ts';
import { withSftp, withSftpTo } from '../ssh/sftp-pool.ts';
import { placeOf } from '../ssh/ssh-errors.ts';
import { routeTo } from '../ssh/ssh-route.ts';
import { WinrmPlace } from '../winrm/winrm-place.ts';
import { winrmOf } from '../winrm/winrm-settings.ts';
import type { FilePlace } from './file-place.ts';
import { FolderPlace } from './folder-place.ts';

/** What of a step's context is needed to reach its files. */
export interface PlaceContext extends Pick<StepContext, 'connection' | 'target' | 'signal'> {
  run: Pick<StepContext['run'], 'workspaceId'>;
}

/** The types of connections that hold files, for `connection(…)`. */
export const fileConnections = 'folder|sftp|ftp|s3';

/** @throws InvalidInput when it is neither, NotFound */
export async function openPlace(
  ctx: PlaceContext,
  { connection, target }: { connection?: string | undefined; target?: string | undefined },
): Promise<FilePlace> {
  if (target !== undefined) return openHost(ctx, target);
  const opened = await ctx.connection(connection ?? '');
  const { slug, config, secret } = opened;
  const reach = { workspaceId: ctx.run.workspaceId, slug, signal: ctx.signal };
  if (opened.type === 'folder') return new FolderPlace({ ...reach, config: FolderConfig.parse(config) });
  if (opened.type === 's3') return new S3Place({ ...reach, config: S3Config.parse(config), secret: secret && S3Secret.parse(secret) });
  if (opened.type === 'ftp') return new FtpPlace({ ...reach, config: FtpConfig.parse(config), secret: secret && FtpSecret.parse(secret) });
  if (opened.type !== 'sftp')
    throw new InvalidInput('connection.type', `The connection "${slug}" is of type ${opened.type}; one that holds files is needed here.`, {
      hint: `Name a connection of the type ${fileConnections.replaceAll('|', ', ')}.`,
    });
  const reached = sftpOf(opened);
  return new SftpPlace(`sftp://${placeOf(reached.target)}`, (work, enough) => withSftp({ ...reach, ...reached, signal: either(ctx.signal, enough) }, work));
}

async function openHost(ctx: PlaceContext, name: string): Promise<FilePlace> {
  const target = await ctx.target(name);
  if (target.transport === 'winrm') return new WinrmPlace(`target:${name}`, { target: winrmOf(target), signal: ctx.signal });
  const route = routeTo(target);
  const { workspaceId } = ctx.run;
  return new SftpPlace(`target:${name}`, (work, enough) => withSftpTo({ workspaceId, route, signal: either(ctx.signal, enough) }, work));
}

function either(signal: AbortSignal, enough: AbortSignal | undefined): AbortSignal {
  return enough ? AbortSignal.any([signal, enough]) : signal;
}
