import { createHash } from 'node:crypto';
import path from 'node:path';
import { definePollingTrigger, type TriggerContext, type TriggerFinding, type TriggerItem, type TriggerLook } from '@tidewheel/kit/define-trigger';
import { connection } from '@tidewheel/kit/fields';
import type { FileSource, ListedFile } from '@tidewheel/kit/file-source';
import { z } from 'zod';
import { type Judgement, judgeFiles, versionOf } from './file-looks.ts';

/** Of one look; the others follow at once. */
const mostRunsPerLook = 200;
const mostListed = 200_000;
const mostShown = 50;
/** An event may have 64 KB; its first file stands in it twice. */
const mostEventBytes = 50_000;

const FileTriggerConfig = z.strictObject({
  connection: connection('folder|sftp|s3|ftp', { title: 'Connection', description: 'A folder, a server or a bucket' }),
  path: z
    .string()
    .max(1000)
    .default('')
    .meta({ title: 'Folder', description: 'Below the folder of the connection', examples: ['in'] }),
  pattern: z
    .string()
    .min(1)
    .max(200)
    .default('*')
    .meta({ title: 'Pattern', description: 'Of file names', examples: ['trades-*.csv', '*.{csv,txt}'] }),
  deep: z.boolean().default(false).meta({ title: 'Also in the folders below' }),
  everySeconds: z.number().int().min(1).max(86_400).default(30).meta({ title: 'Look every (s)' }),
  stableSeconds: z.number().int().min(0).max(86_400).default(10).meta({
    title: 'Unchanged for (s)',
    description: 'A file fires when its size and time have been the same for so long, in at least two looks. 0: at the first sight',
  }),
  marker: z
    .string()
    .min(1)
    .max(50)
    .optional()
    .meta({
      title: 'Ending of the marker file',
      description: 'Instead: trades.csv fires when trades.csv.done is there. Markers themselves fire nothing.',
      examples: ['.done'],
    }),
  minAgeSeconds: z.number().int().min(0).optional().meta({ title: 'At least so old (s)' }),
  maxAgeSeconds: z.number().int().min(1).optional().meta({ title: 'At most so old (s)', description: 'Older files are left alone' }),
  fires: z.enum(['each', 'batch']).default('each').meta({ title: 'A run for', description: 'each: every file. batch: all that are ready at a look' }),
  batchFiles: z.number().int().min(1).max(100).default(100).meta({ title: 'Files of a batch', description: 'More are a second batch' }),
  sameName: z
    .enum(['fires', 'ignored'])
    .default('fires')
    .meta({ title: 'The same name again', description: 'fires: a file with another size or time is a new one. ignored: a name fires once' }),
  byContent: z.boolean().default(false).meta({
    title: 'Know files by their content',
    description: 'Each ready file is read; one whose content came before, under this name or another, does not fire again',
  }),
  existing: z.enum(['ignored', 'fires']).default('ignored').meta({ title: 'What is there already', description: 'When the trigger looks for the first time' }),
});
type FileTriggerConfig = z.output<typeof FileTriggerConfig>;

const EventFile = z.object({
  connection: z.string(),
  path: z.string().describe('As file.read takes it'),
  name: z.string(),
  size: z.number(),
  modifiedAt: z.string(),
  sha256: z.string().nullable().describe('When files are known by their content'),
});
type EventFile = z.infer<typeof EventFile>;

export const fileTrigger = definePollingTrigger({
  kind: 'file',
  title: 'File arrival',
  icon: 'file-import',
  description: 'Fires when a file comes into a folder and is complete, once for each version of it.',
  config: FileTriggerConfig,
  event: z.object({ file: EventFile.describe('The first one'), files: z.array(EventFile), count: z.number() }),
  examples: [
    { title: 'Each CSV of a folder', config: { connection: 'exchange', path: 'in', pattern: '*.csv' } },
    { title: 'With a marker', config: { connection: 'broker', path: '/outbox', pattern: '*.xml', marker: '.done' } },
  ],
  check: ({ pattern, marker, minAgeSeconds, maxAgeSeconds }) => [
    ...(marker !== undefined && /[/\\]/.test(marker) ? [{ path: 'marker', message: 'must be the ending of a name, without a folder' }] : []),
    ...(minAgeSeconds !== undefined && maxAgeSeconds !== undefined && minAgeSeconds > maxAgeSeconds
      ? [{ path: 'maxAgeSeconds', message: 'is less than the least age' }]
      : []),
    ...(pattern.includes('\0') ? [{ path: 'pattern', message: 'holds a NUL character' }] : []),
  ],
  everySeconds: (config) => config.everySeconds,
  look,
  async test(config, ctx) {
    const { judged, total } = await judge(config, { ...ctx, memory: ctx.memory ?? {} });
    const ready = judged.ready.map((file) => ({ title: file.path, detail: `${file.size} bytes, would fire now` }));
    const waiting = judged.waiting.map(({ title, why }) => ({ title, detail: why }));
    const summary = `${total} files fit; ${ready.length} would fire now, ${waiting.length} wait, the others have fired or were there before.`;
    return { ok: true, summary, lines: [...ready, ...waiting].slice(0, mostShown) };
  },
});

async function look(config: FileTriggerConfig, ctx: TriggerContext): Promise<TriggerLook> {
  const { judged, source } = await judge(config, ctx);
  const most = config.fires === 'each' ? mostRunsPerLook : config.batchFiles;
  const taken = judged.ready.slice(0, most);
  const hashed = config.byContent ? await hashAll(source, taken, ctx) : { fresh: taken.map((file) => ({ file, sha256: null })), items: [] };
  const done = taken.map((file): TriggerItem => ({ key: file.path, version: versionOf(file), since: ctx.now, done: true }));
  return {
    findings: findingsOf(
      config,
      hashed.fresh.map(({ file, sha256 }) => eventFile(config, { file, sha256 })),
    ),
    memory: { begun: true },
    items: [...judged.items.filter((item) => !done.some(({ key }) => key === item.key)), ...done, ...hashed.items],
    gone: judged.gone.filter((key) => !key.startsWith(contentPrefix)),
    waiting: judged.waiting,
    more: judged.ready.length > taken.length,
  };
}

async function judge(config: FileTriggerConfig, ctx: TriggerContext): Promise<{ judged: Judgement; total: number; source: FileSource }> {
  const source = ctx.files(await ctx.connection(config.connection));
  const known = await ctx.items();
  const listing = { path: config.path, deep: config.deep, limit: mostListed };
  const files = await source.list({ ...listing, pattern: config.pattern });
  // A marker need not fit the pattern of the files.
  const markers = config.marker === undefined ? [] : await source.list({ ...listing, pattern: `*${config.marker}` });
  const all = new Map([...files, ...markers].map((file) => [file.path, file]));
  const takesAsOld = ctx.memory === null && config.existing === 'ignored';
  return { judged: judgeFiles({ files: [...all.values()], known, now: ctx.now, rules: config, takesAsOld }), total: files.length, source };
}

function eventFile(config: FileTriggerConfig, { file, sha256 }: { file: ListedFile; sha256: string | null }): EventFile {
  const { path: place, size, modifiedAt } = file;
  return { connection: config.connection, path: place, name: path.posix.basename(place), size, modifiedAt: modifiedAt.toISOString(), sha256 };
}

function findingsOf(config: FileTriggerConfig, files: EventFile[]): TriggerFinding[] {
  if (config.fires === 'each') return files.map((file) => findingOf([file]));
  const batches: EventFile[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of files) {
    const size = Buffer.byteLength(JSON.stringify(file)) + 1;
    if (bytes + size > mostEventBytes) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(file);
    bytes += size;
  }
  return batches.map(findingOf);
}

function findingOf(files: EventFile[]): TriggerFinding {
  const [first] = files as [EventFile, ...EventFile[]];
  const said = files.map((file) => `${file.path} ${file.size} ${file.modifiedAt}`).join('\n');
  const title = files.length === 1 ? first.path : `${files.length} files: ${first.path} and others`;
  return { key: `file ${createHash('sha256').update(said).digest('hex')}`, title, event: { file: first, files, count: files.length } };
}

const contentPrefix = 'content ';

/** Reads each file; those whose content was seen before, also in this look, are left out. */
async function hashAll(
  source: FileSource,
  files: ListedFile[],
  ctx: TriggerContext,
): Promise<{ fresh: { file: ListedFile; sha256: string }[]; items: TriggerItem[] }> {
  const hashed: { file: ListedFile; sha256: string }[] = [];
  for (const file of files) hashed.push({ file, sha256: await hashOf(source, file, ctx.signal) });
  const seen = new Set((await ctx.items(hashed.map(({ sha256 }) => `${contentPrefix}${sha256}`))).keys());
  const fresh = hashed.filter(({ sha256 }) => {
    const key = `${contentPrefix}${sha256}`;
    return !seen.has(key) && seen.add(key);
  });
  return { fresh, items: fresh.map(({ sha256 }) => ({ key: `${contentPrefix}${sha256}`, version: sha256, since: ctx.now, done: true })) };
}

async function hashOf(source: FileSource, file: ListedFile, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source.read(file.path)) {
    signal.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest('hex');
}
