import path from 'node:path';
import { defineStep } from '@tidewheel/kit/define-step';
import { template } from '@tidewheel/kit/fields';
import { localFile } from '@tidewheel/kit/local-file';
import type { StepContext, StepResult } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { overwriteField } from '../delivery/deliver-each.ts';
import { checkFileName, inputFiles } from '../files/input-files.ts';
import { mediaTypeOf } from '../files/media-type.ts';
import { targetField } from './command-fields.ts';
import { copyFromHost } from './copy-from-host.ts';
import { copyToHost } from './copy-to-host.ts';
import { placeOf } from './winrm-errors.ts';
import { withShell } from './winrm-session.ts';
import { winrmOf } from './winrm-settings.ts';

const config = z.strictObject({
  target: targetField,
  direction: z.enum(['to', 'from']).default('to').meta({ title: 'Direction', description: 'to the host, or from it' }),
  path: template({
    title: 'Path on the host',
    description:
      'Of the file; one that ends with a backslash is a folder, made when missing, in which each file has its own name. Variables like %TEMP% are known.',
    examples: ['C:\\inbox\\', '%ProgramData%\\app\\settings.json'],
  }).min(1),
  name: template({ title: 'File name', description: 'For a single file; its own name when left out' }).optional(),
  overwrite: overwriteField,
  timeoutSeconds: z.number().positive().max(86_400).default(3_600).meta({ title: 'Give up after (s)', description: 'For each file' }),
});
type Config = z.output<typeof config>;

const CopyValue = z.object({
  target: z.string(),
  files: z.array(
    z.object({
      path: z.string().describe('On the host'),
      name: z.string(),
      size: z.number(),
      sha256: z.string(),
      alreadyThere: z.boolean(),
      resumedAt: z.number().describe('Bytes that an earlier attempt had brought over'),
    }),
  ),
});

export const winrmCopy = defineStep({
  type: 'winrm.copy',
  version: 1,
  ui: { title: 'Copy a file to or from Windows', group: 'Operations', icon: 'copy', summary: '{{direction}} {{target}}: {{path}}' },
  description:
    'Copies files to a Windows host over WinRM, or one file from it, as Base64 through PowerShell: slow compared with SMB or SFTP, but there is nothing to set up. A file goes under a hidden name, its SHA-256 is compared on the host, then it is put in its place; an attempt after a broken one goes on where that stopped, and a file that is there already with the same content is left alone. From a host the SHA-256 is compared here. Only a part of a file is in memory at a time.',
  config,
  inputs: { min: 0, max: null, carries: 'file' },
  produces: 'file',
  output: CopyValue,
  artifacts: true,
  retry: { attempts: 4 },
  effects: true,
  examples: [
    { title: 'Onto a host', config: { target: 'win-1', path: 'C:\\inbox\\' } },
    { title: 'A log from a host', config: { target: '{{ item.name }}', direction: 'from', path: 'C:\\app\\app.log', name: '{{ item.name }}-app.log' } },
  ],
  run: (given, ctx) => (given.direction === 'to' ? copyTo(given, ctx) : copyFrom(given, ctx)),
  async dryRun(given, ctx) {
    const target = winrmOf(await ctx.target(given.target));
    const where = `${target.name} (${target.settings.scheme}://${placeOf(target)})`;
    if (given.direction === 'from') ctx.log.info(`Dry run: would copy ${given.path} from ${where}.`);
    else
      for (const file of inputFiles(ctx, given.name))
        ctx.log.info(`Dry run: would copy ${file.name} (${file.size} bytes) to ${placeThere(given.path, file.name)} on ${where}.`);
    return {};
  },
});

async function copyTo({ target: name, path: place, name: fileName, overwrite, timeoutSeconds }: Config, ctx: StepContext): Promise<StepResult> {
  const target = winrmOf(await ctx.target(name));
  const files = inputFiles(ctx, fileName);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const value: z.output<typeof CopyValue> = { target: target.name, files: [] };
  let before = 0;
  await withShell({ target, signal: ctx.signal }, async (shell) => {
    for (const file of files) {
      const placed = await copyToHost(shell, {
        path: placeThere(place, file.name),
        source: await ctx.files.localPath(file),
        size: file.size,
        sha256: file.sha256,
        overwrite,
        key: ctx.idempotencyKey,
        onBytes: (bytes) => ctx.progress({ bytes: before + bytes, total }),
        signal: ctx.signal,
        timeoutMs: timeoutSeconds * 1000,
      });
      before += file.size;
      ctx.log.info(placed.alreadyThere ? `${placed.path} is there already.` : `${placed.path}: ${file.size} bytes, SHA-256 ${file.sha256}.`);
      value.files.push({ ...placed, name: file.name, size: file.size, sha256: file.sha256 });
    }
  });
  return { value };
}

async function copyFrom({ target: name, path: place, name: fileName, timeoutSeconds }: Config, ctx: StepContext): Promise<StepResult> {
  const target = winrmOf(await ctx.target(name));
  const called = checkFileName(fileName || (place.split(/[\\/]/).at(-1) ?? ''));
  const destination = path.join(await ctx.files.scratch(), 'fetched');
  const fetched = await withShell({ target, signal: ctx.signal }, (shell) =>
    copyFromHost(shell, {
      path: place,
      destination,
      onBytes: (bytes, total) => ctx.progress({ bytes, ...(total > 0 ? { total } : {}) }),
      signal: ctx.signal,
      timeoutMs: timeoutSeconds * 1000,
    }),
  );
  ctx.log.info(`${place}: ${fetched.size} bytes, SHA-256 ${fetched.sha256}.`);
  const file = await ctx.files.put({ name: called, mediaType: mediaTypeOf(called) }, localFile(destination));
  return { value: { target: target.name, files: [{ path: place, name: called, ...fetched, alreadyThere: false, resumedAt: 0 }] }, files: [file] };
}

function placeThere(place: string, name: string): string {
  return /[\\/]$/.test(place) ? `${place}${name}` : place;
}
