// A folder of the machine that runs the workers (or of a share mounted there).
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import { type ConnectorFault, type ConnectorLimits, defineConnector } from '@tidewheel/kit/define-connector';
import type { OpenConnection } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { folderFiles } from '../files/folder-files.ts';
import { isBelow, realNearest } from '../files/folder-path.ts';

export const FolderConfig = z.strictObject({
  root: z
    .string()
    .min(1)
    .max(1000)
    .refine((text) => path.isAbsolute(text), 'must be an absolute path')
    .refine((text) => !text.includes('\0'), 'must not hold a NUL character')
    .meta({
      title: 'Folder',
      description: 'Absolute path on the machine of the workers. An administrator decides with TIDEWHEEL_FOLDERS which folders are allowed.',
      examples: ['/srv/exchange'],
    }),
  readOnly: z.boolean().default(false).meta({ title: 'Read only', description: 'No step may write through this connection.' }),
});
export type FolderConfig = z.output<typeof FolderConfig>;

/** The settings of an opened folder connection. @throws InvalidInput when it is a connection of another type */
export function folderOf(connection: OpenConnection): FolderConfig {
  if (connection.type === 'folder') return FolderConfig.parse(connection.config);
  throw new InvalidInput('connection.type', `The connection "${connection.slug}" is of type ${connection.type}; a folder is needed here.`, {
    hint: 'Name a folder connection.',
  });
}

export const folder = defineConnector({
  type: 'folder',
  title: 'Folder',
  icon: 'folder',
  description:
    'Reads and writes files below one folder of the machine that runs the workers. Nothing outside of it can be reached: not by `..`, not by a symbolic link.',
  config: FolderConfig,
  secret: null,
  examples: [{ title: 'An exchange folder', config: { root: '/srv/exchange' } }],
  files: ({ config, signal }) => folderFiles({ root: config.root, signal }),
  admit: admitRoot,
  async test({ config }): Promise<TestResult> {
    const started = performance.now();
    const checks: TestResult['checks'] = [];
    checks.push(await attempt('folder', () => listRoot(config.root)));
    if (checks[0]?.ok && !config.readOnly) checks.push(await attempt('write', () => writeProbe(config.root)));
    return { ok: checks.every((check) => check.ok), ms: Math.round(performance.now() - started), checks };
  },
});

async function attempt(name: string, work: () => Promise<string>): Promise<TestResult['checks'][number]> {
  try {
    return { name, ok: true, detail: await work() };
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code ?? 'unknown';
    const hint = code === 'ENOENT' ? 'Make the folder, or mount the share it lies on.' : 'Give the user that runs Tidewheel the right to this folder.';
    return { name, ok: false, detail: `${name === 'folder' ? 'It cannot be read' : 'It cannot be written'} (${code}).`, hint };
  }
}

async function listRoot(root: string): Promise<string> {
  await access(root, constants.R_OK | constants.X_OK);
  const names = await readdir(root);
  return `${names.length} ${names.length === 1 ? 'entry' : 'entries'}`;
}

async function writeProbe(root: string): Promise<string> {
  const probe = path.join(root, `.tidewheel-probe-${randomBytes(4).toString('hex')}`);
  await (await open(probe, 'wx', 0o600)).close();
  await rm(probe);
  return 'A file was written and removed.';
}

async function admitRoot(config: FolderConfig, limits: ConnectorLimits): Promise<ConnectorFault[]> {
  const wanted = await realNearest(path.resolve(config.root)).catch(() => undefined);
  if (wanted === undefined)
    return [{ path: 'root', message: `${JSON.stringify(config.root)} leads through a symbolic link that leads nowhere, or cannot be looked at` }];
  const real = (one: string) => realNearest(path.resolve(one)).catch(() => path.resolve(one));
  const allowed = (await Promise.all(limits.folders.map(real))).filter((one) => isBelow(wanted, one));
  if (allowed.length === 0) return [notAllowed(config, limits)];
  const data = await real(limits.dataFolder);
  const reachesData = isBelow(data, wanted) || (isBelow(wanted, data) && !allowed.some((one) => one !== data && isBelow(one, data)));
  return reachesData
    ? [
        {
          path: 'root',
          message: `${JSON.stringify(config.root)} reaches into the data folder of Tidewheel, which holds its keys`,
          hint: 'Choose a folder beside it, or files in it.',
        },
      ]
    : [];
}

function notAllowed(config: FolderConfig, limits: ConnectorLimits): ConnectorFault {
  const names = limits.folders.map((one) => JSON.stringify(one)).join(', ') || 'none';
  return {
    path: 'root',
    message: `${JSON.stringify(config.root)} does not lie below an allowed folder`,
    hint: `Allowed are ${names}. An administrator adds folders with the setting TIDEWHEEL_FOLDERS (absolute paths separated by "${path.delimiter}") and restarts.`,
  };
}
