import { createHash } from 'node:crypto';
import { InvalidInput, NotFound, toAppError } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import { defineStep } from '@tidewheel/kit/define-step';
import { connection, template } from '@tidewheel/kit/fields';
import type { ListedFile } from '@tidewheel/kit/file-source';
import type { StepContext } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { type FilePlace, folderOfPath, nameOfPath } from './file-place.ts';
import { joinPath } from './file-write.step.ts';
import { checkFileName } from './input-files.ts';
import { mediaTypeOf } from './media-type.ts';
import { fileConnections, openPlace } from './open-place.ts';
import { leftOut, transferFile } from './transfer-file.ts';

/** So many are named in the value; the receipts of the run have all. */
const mostNamed = 100;

const placeFields = {
  connection: connection(fileConnections, { title: 'Connection', description: 'A folder, an SFTP or FTP server, or a bucket' }).optional(),
  target: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: 'Target', description: 'Instead of a connection: a host', field: 'template', widget: 'target', of: ['ssh', 'winrm'] }),
};

const Config = z.strictObject({
  from: z
    .strictObject({
      ...placeFields,
      path: template({ title: 'Path', description: 'The file; with a pattern, the folder that holds the files', examples: ['out/{{ today }}'] }).default(''),
      pattern: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .meta({ title: 'Pattern', description: 'Every file whose name fits', examples: ['*.csv'] }),
      deep: z.boolean().default(false).meta({ title: 'With folders below', description: 'With a pattern: their files too, into folders of the same names.' }),
    })
    .meta({ title: 'From' }),
  to: z
    .strictObject({
      ...placeFields,
      path: template({ title: 'Folder', description: 'Made when missing', examples: ['in/{{ today }}'] }).default(''),
      name: template({ title: 'File name', description: 'For a single file; its own name when left out' }).optional(),
    })
    .meta({ title: 'To' }),
  whenExists: z
    .enum(['replace', 'newer', 'skip', 'refuse'])
    .default('replace')
    .meta({ title: 'When the file exists there', description: 'newer: replaced only by a newer one.' }),
  whenMissing: z.enum(['fail', 'empty']).default('fail').meta({ title: 'When nothing is there to transfer' }),
  after: z.enum(['keep', 'delete', 'move']).default('keep').meta({ title: 'The original afterwards', description: 'Only once the copy was compared.' }),
  moveTo: template({ title: 'Move it to', description: 'With "move": a folder at the source', examples: ['done'] }).optional(),
  verify: z.enum(['hash', 'size']).default('hash').meta({
    title: 'Compare by',
    description: 'hash: SHA-256, or what the store says of the content, else it is read back. The size alone does not notice damage.',
  }),
  maxFiles: z.number().int().min(1).max(10_000).default(1000).meta({ title: 'At most this many files' }),
});
type Config = z.output<typeof Config>;

const Receipt = z.object({
  file: z.string(),
  destination: z.string(),
  size: z.number(),
  sha256: z.string(),
  verifiedBy: z.string(),
  resumedAt: z.number(),
  ms: z.number(),
});
type Receipt = z.infer<typeof Receipt>;

interface Job {
  /** With the paths as their places write them. */
  config: Config;
  from: FilePlace;
  to: FilePlace;
  files: { file: ListedFile; target: string }[];
}

export const fileTransfer = defineStep({
  type: 'file.transfer',
  version: 1,
  ui: { title: 'Transfer files', group: 'Files', icon: 'transfer', summary: '{{from.path}} {{from.pattern}} to {{to.path}}' },
  description: `Copies or moves files between any two of folder, SFTP, FTP(S), S3 and a host by SSH or WinRM. They are streamed from one to the other; nothing of them is kept here.

Each file is written under a hidden name where it could be seen, compared (SHA-256 by the far side, the ETag of S3, or read back), then renamed; a bucket shows it whole or not at all. An
attempt that breaks is taken up where it broke (into a bucket: by the parts that are there), and files that were through are not sent again. The original is deleted or moved only after that, and only if it is
still what was sent. Every file gets a receipt with the run, failed ones too. A dry run lists what would move; where nothing is there yet it warns, for a step before may bring it. Over WinRM files travel as Base64 through PowerShell, in pieces of 4 MB: slow, but there is nothing to set up.`,
  config: Config,
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  output: z.object({
    transferred: z.number(),
    bytes: z.number(),
    skipped: z.number(),
    files: z.array(Receipt).describe(`The first ${mostNamed}; the receipts of the run have all`),
  }),
  retry: { attempts: 4 },
  effects: true,
  examples: [
    {
      title: "A partner's files into a bucket",
      config: {
        from: { connection: 'partner', path: 'out', pattern: '*.csv' },
        to: { connection: 'lake', path: 'partner/{{ today }}' },
        after: 'move',
        moveTo: 'out/done',
      },
    },
    {
      title: 'One file to another server',
      config: { from: { connection: 'exchange', path: 'report.xml' }, to: { connection: 'regulator', path: '/in', name: 'report-{{ today }}.xml' } },
    },
  ],
  check({ from, to, after, moveTo }) {
    const faults: { path: string; message: string }[] = [];
    for (const [name, place] of Object.entries({ from, to }))
      if ((place.connection === undefined) === (place.target === undefined))
        faults.push({ path: `${name}.connection`, message: 'give either a connection or a target' });
    if (from.path === '' && from.pattern === undefined) faults.push({ path: 'from.path', message: 'give the path of the file, or a pattern' });
    if ((after === 'move') !== (moveTo !== undefined))
      faults.push({ path: 'moveTo', message: after === 'move' ? 'say where the originals go' : 'is for after: move' });
    return faults;
  },
  async run(given, ctx) {
    const job = await prepare(given, ctx);
    const { config } = job;
    const total = job.files.reduce((sum, { file }) => sum + file.size, 0);
    const receipts: Receipt[] = [];
    let skipped = 0;
    let through = 0;
    for (const one of job.files) {
      const receipt = await transferOne({ config, ctx, job, one, onBytes: (bytes) => ctx.progress({ bytes: through + bytes, total }) });
      if (receipt) receipts.push(receipt);
      else skipped += 1;
      through += one.file.size;
      ctx.progress({ bytes: through, total });
    }
    const bytes = receipts.reduce((sum, { size }) => sum + size, 0);
    return { value: { transferred: receipts.length, bytes, skipped, files: receipts.slice(0, mostNamed) } };
  },
  async dryRun(given, ctx) {
    const job = await prepare(given, ctx).catch((thrown: unknown) => nothingYet(thrown, ctx));
    if (job === null) return { value: { transferred: 0, bytes: 0, skipped: 0, files: [] } };
    const { config, to, files } = job;
    let skipped = 0;
    const named: Receipt[] = [];
    for (const { file, target } of files) {
      const reason = await leftOut({ to, file, target, whenExists: config.whenExists });
      if (reason) skipped += 1;
      else
        named.push({
          file: file.path,
          destination: `${to.address}/${target}`,
          size: file.size,
          sha256: '',
          verifiedBy: 'dry run: nothing was sent',
          resumedAt: 0,
          ms: 0,
        });
      ctx.log.info(
        reason
          ? `Dry run: would leave ${file.path} out: ${reason}.`
          : `Dry run: would transfer ${file.path}, ${file.size} bytes, to ${target} at ${to.address}.`,
      );
    }
    return { value: { transferred: named.length, bytes: named.reduce((sum, { size }) => sum + size, 0), skipped, files: named.slice(0, mostNamed) } };
  },
});

/** Of a place where a file or folder is missing; a bucket that is not there is none of them. */
const missing = ['transfer.nothing', 'file.missing', 'sftp.missing', 'ftp.missing', 's3.missing', 'winrm.no_folder', 'winrm.no_file'];

/** In a dry run the steps before bring nothing: what they would have brought is no fault. */
function nothingYet(thrown: unknown, ctx: StepContext): null {
  if (!(thrown instanceof NotFound) || !missing.includes(thrown.code)) throw thrown;
  ctx.log.warn(`Dry run: ${thrown.message} When it is run for real that is a fault, unless a step before this one brings it.`);
  return null;
}

async function prepare(given: Config, ctx: StepContext): Promise<Job> {
  const [from, to] = [await openPlace(ctx, given.from), await openPlace(ctx, given.to)];
  const config = withSlashes(given, { from, to });
  const found = await findFiles(config, from);
  if (found.length === 0 && config.whenMissing === 'fail')
    throw new NotFound(
      'transfer.nothing',
      `There is nothing to transfer at ${config.from.path || 'the root'} of ${from.address}${config.from.pattern ? ` that fits ${config.from.pattern}` : ''}.`,
      {
        hint: 'Check the path, or let the step go on without (whenMissing: empty).',
      },
    );
  if (config.to.name !== undefined && found.length > 1)
    throw new InvalidInput('file.name_for_many', `One name (${JSON.stringify(config.to.name)}) is given for ${found.length} files.`, {
      hint: 'Leave the name out: each file then keeps its own.',
    });
  const files = found.map((file) => ({ file, target: joinPath(config.to.path, targetName(config, file)) }));
  const plainThere = (path: string) => (to.hasBackslashes ? plain(path).toLowerCase() : plain(path));
  const same = from.address === to.address && files.find(({ file, target }) => plainThere(file.path) === plainThere(target));
  if (same) throw new InvalidInput('transfer.onto_itself', `${same.file.path} would be written onto itself.`, { hint: 'Choose another folder or name.' });
  return { config, from, to, files };
}

function withSlashes(config: Config, { from, to }: { from: FilePlace; to: FilePlace }): Config {
  const there = <T extends string | undefined>(place: FilePlace, path: T) => (place.hasBackslashes ? path?.replaceAll('\\', '/') : path) as T;
  return {
    ...config,
    from: { ...config.from, path: there(from, config.from.path) },
    to: { ...config.to, path: there(to, config.to.path) },
    moveTo: there(from, config.moveTo),
  };
}

async function findFiles({ from: { path, pattern, deep }, maxFiles }: Config, from: FilePlace): Promise<ListedFile[]> {
  if (pattern !== undefined) return from.list({ path, pattern, deep, limit: maxFiles });
  const found = await from.stat(path);
  return found ? [found] : [];
}

function targetName({ from, to }: Config, file: ListedFile): string {
  if (to.name !== undefined) return checkFileName(to.name);
  const name = checkFileName(nameOfPath(file.path));
  const base = plain(from.path);
  const below = from.pattern !== undefined && from.deep ? folderOfPath(plain(file.path).slice(base === '' ? 0 : base.length + 1)) : '';
  return below === '' ? name : `${below}/${name}`;
}

function plain(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

interface One {
  config: Config;
  ctx: StepContext;
  job: Job;
  one: Job['files'][number];
  onBytes(bytes: number): void;
}

/** null: left out. What is through is remembered, so that a later attempt does not send it again. */
async function transferOne({ config, ctx, job, one: { file, target }, onBytes }: One): Promise<Receipt | null> {
  const { from } = job;
  const version = createHash('sha256').update(`${file.path}\n${file.size}\n${file.modifiedAt.getTime()}\n${target}`).digest('hex').slice(0, 32);
  return ctx.once(`file ${version}`, async () => {
    const receipt = await recorded({ config, ctx, job, one: { file, target }, version, onBytes });
    if (receipt) await dealWithOriginal(config, { ctx, from, file });
    return receipt;
  });
}

async function recorded({ config, ctx, job: { from, to }, one: { file, target }, version, onBytes }: One & { version: string }): Promise<Receipt | null> {
  const startedAt = new Date();
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  const name = nameOfPath(file.path);
  const ref: FileRef = { kind: 'file', name, mediaType: mediaTypeOf(name), size: file.size, sha256: '', md5: '' };
  const record = { connection: config.to.connection ?? config.to.target ?? '', destination: `${to.address}/${target}`, startedAt };
  try {
    const reason = await leftOut({ to, file, target, whenExists: config.whenExists });
    if (reason) {
      ctx.log.info(`Left ${file.path} out: ${reason}.`);
      return null;
    }
    const { sha256, md5, ...sent } = await transferFile({
      from,
      to,
      file,
      target,
      whenExists: config.whenExists,
      verify: config.verify,
      key: ctx.idempotencyKey,
      once: (name, work) => ctx.once(`${name} ${version}`, work),
      onBytes,
    });
    const receipt = { ...sent, sha256, ms: ms() };
    await ctx.recordDelivery({
      ...record,
      file: { ...ref, sha256, md5 },
      state: 'delivered',
      ms: receipt.ms,
      receipt: { ...receipt, md5, from: `${from.address}/${file.path}` },
    });
    ctx.log.info(
      `${file.path}: ${sent.size} bytes to ${target} in ${receipt.ms} ms, compared by ${sent.verifiedBy}${sent.resumedAt > 0 ? `, taken up at ${sent.resumedAt}` : ''}.`,
    );
    return { file: file.path, destination: record.destination, ...receipt };
  } catch (thrown) {
    const error = toAppError(thrown);
    await ctx.recordDelivery({ ...record, file: ref, state: 'failed', ms: ms(), error: `${error.code}: ${error.message}` });
    throw thrown;
  }
}

async function dealWithOriginal({ after, moveTo }: Config, { ctx, from, file }: { ctx: StepContext; from: FilePlace; file: ListedFile }): Promise<void> {
  if (after === 'keep') return;
  const now = await from.stat(file.path);
  if (!now) return;
  if (now.size !== file.size || now.modifiedAt.getTime() !== file.modifiedAt.getTime()) {
    ctx.log.warn(`${file.path} changed at ${from.address} since it was read, so it stays there.`);
    return;
  }
  if (after === 'delete') await from.remove(file.path);
  else await from.rename(file.path, joinPath(moveTo ?? '', nameOfPath(file.path)));
}
