import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInput, TooLarge } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import { defineStep } from '@tidewheel/kit/define-step';
import { connection, template } from '@tidewheel/kit/fields';
import { localFile } from '@tidewheel/kit/local-file';
import type { StepContext, StepResult } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { folderFailure } from '../files/folder-path.ts';
import { checkFileName } from '../files/input-files.ts';
import { mediaTypeOf } from '../files/media-type.ts';
import { parsedContent, type ReadAnswer, readAnswer } from './http-answer.ts';
import { bodyField, bodyOf, type RequestBody } from './http-body.ts';
import { type Answered, expectField, isExpectedStatus, requireExpected, schemaFault } from './http-expect.ts';
import { fieldAt, firstPage, nextPage, pagesField } from './http-pages.ts';
import { send, statusFailure } from './http-send.ts';
import { type HttpService, openService, openWeb } from './http-service.ts';
import { HttpConfig, HttpSecret } from './http-settings.ts';

const Config = z.strictObject({
  connection: connection('http', { title: 'Service', description: 'Left out: a whole public address in `url`, without signing in' }).optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']).default('GET').meta({ title: 'Method' }),
  url: template({
    title: 'Address',
    description: 'A path below that of the connection, or a whole address',
    examples: ['/orders/{{ id }}'],
  }).default(''),
  query: z
    .record(z.string().min(1).max(200), template({ title: 'Value' }))
    .default({})
    .meta({ title: 'Query', description: 'Put behind the address, encoded' }),
  headers: z
    .record(z.string().min(1).max(100), template({ title: 'Value' }))
    .default({})
    .meta({ title: 'Headers', description: 'Nothing secret: they are shown. That is what the connection is for.' }),
  body: bodyField,
  expect: expectField,
  pages: pagesField,
  items: z.string().max(200).optional().meta({
    title: 'Field of the rows',
    description:
      'The list in the answer (`data.items`; empty: the whole answer). All pages together become a file of one JSON object per line, for table.read.',
  }),
  maxPages: z.number().int().min(1).max(10_000).default(100).meta({ title: 'At most this many pages' }),
  saveAs: template({
    title: 'Save as',
    description: 'Keeps the answer as a file of this name, an artifact of the run',
    examples: ['rates-{{ today }}.json'],
  }).optional(),
  attempts: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(3)
    .meta({ title: 'Attempts', description: 'When the service cannot be reached, or answers 408, 425, 429 or 5xx; it may say when (Retry-After).' }),
  retryUnsafe: z.boolean().default(false).meta({
    title: 'Also where it may happen twice',
    description: 'POST and PATCH are sent once else. Right where the service knows Idempotency-Key, which is sent with them.',
  }),
  maxRedirects: z.number().int().min(0).max(10).default(5).meta({ title: 'Redirects to follow' }),
  timeoutSeconds: z.number().int().min(1).max(3_600).optional().meta({ title: 'Give up an attempt after (s)' }),
  maxBytes: z
    .number()
    .int()
    .min(1)
    .max(100 * 1024 ** 3)
    .default(1024 ** 3)
    .meta({ title: 'Largest answer (bytes)' }),
});
type Config = z.output<typeof Config>;

export const httpRequest = defineStep({
  type: 'http.request',
  version: 1,
  ui: { title: 'Call a service', group: 'Web', icon: 'api', summary: '{{method}} {{url}} on {{connection}}' },
  description: `Sends an HTTP request, page after page if asked, and gives status, headers and body. A body up to 48 KB is a value (JSON as such); a larger one, and one with \`saveAs\`, is a file.

With \`items\` the rows of all pages become one file for table.read (format json). An answer other than 200 to 299 is a fault unless \`expect\` says otherwise, and \`expect\` can say more: a
condition over \`response\`, a JSON Schema, the longest time. What cannot harm is tried again by itself (GET, HEAD, PUT, DELETE), other requests only when told.

Addresses without a connection are public ones only; private ranges, also behind a redirect, are refused (docs/hardening.md). The sign-in of a connection goes to its own address and
nowhere else. A dry run sends GET and HEAD and leaves the others out.`,
  config: Config,
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'file',
  output: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    body: z.unknown().describe('JSON as such, else text; null when it became a file'),
    bytes: z.number(),
    ms: z.number(),
    pages: z.number(),
    items: z.number().nullable(),
    file: z.string().nullable(),
  }),
  retry: { attempts: 1 },
  effects: true,
  examples: [
    { title: 'A value', config: { connection: 'rates', url: '/latest', query: { base: 'EUR' }, expect: { where: 'response.body.base == "EUR"' } } },
    { title: 'All pages as rows', config: { connection: 'crm', url: '/contacts', pages: { by: 'cursor', field: 'meta.next' }, items: 'data' } },
    {
      title: 'Send JSON',
      config: { connection: 'tickets', method: 'POST', url: '/issues', body: { as: 'json', value: '{"title": "Run " + string(run.number) + " failed"}' } },
    },
  ],
  check(config) {
    const faults: { path: string; message: string }[] = [];
    const schema = schemaFault(config.expect);
    if (schema !== undefined) faults.push({ path: 'expect.schema', message: schema });
    if (config.connection === undefined && config.url === '') faults.push({ path: 'url', message: 'give an address, or a connection' });
    if (config.pages && config.items === undefined) faults.push({ path: 'items', message: 'say which field of a page holds its rows' });
    if (config.body && (config.method === 'GET' || config.method === 'HEAD')) faults.push({ path: 'body', message: `${config.method} carries none` });
    return faults;
  },
  run: request,
  async dryRun(config, ctx) {
    if (config.method === 'GET' || config.method === 'HEAD') return request(config, ctx);
    const service = await serviceOf(config, ctx);
    const url = addressOf(service, config);
    ctx.log.info(`Dry run: would send ${config.method} ${url.origin}${url.pathname}.`);
    return { value: { status: 0, headers: {}, body: null, bytes: 0, ms: 0, pages: 0, items: null, file: null } };
  },
});

async function serviceOf(config: Config, ctx: StepContext): Promise<HttpService> {
  const limits = (seconds: number) => ({ timeoutMs: (config.timeoutSeconds ?? seconds) * 1000, maxBytes: config.maxBytes, maxRedirects: config.maxRedirects });
  if (config.connection === undefined) return openWeb(limits(30));
  const opened = await ctx.connection(config.connection);
  if (opened.type !== 'http')
    throw new InvalidInput('connection.type', `The connection "${opened.slug}" is of type ${opened.type}; an HTTP service is needed here.`, {
      hint: 'Name a connection of the type http.',
    });
  const settings = HttpConfig.parse(opened.config);
  return openService(
    { config: settings, secret: opened.secret && HttpSecret.parse(opened.secret), keepSecret: ctx.keepSecret },
    limits(settings.timeoutSeconds),
  );
}

function addressOf(service: HttpService, { url, query }: Config): URL {
  const address = service.urlOf(url);
  for (const [name, value] of Object.entries(query)) address.searchParams.append(name, value);
  return address;
}

interface Page {
  answer: Response;
  read: ReadAnswer;
  answered: Answered;
  json: unknown;
}

async function request(config: Config, ctx: StepContext): Promise<StepResult> {
  const service = await serviceOf(config, ctx);
  const body = await bodyOf(config.body, ctx);
  const saveAs = config.saveAs === undefined ? undefined : checkFileName(config.saveAs);
  if (config.items === undefined) {
    const { read, answered } = await fetchPage({ config, ctx, service, body, saveAs, url: addressOf(service, config) });
    return resultOf({ answered, bytes: read.bytes, pages: 1, items: null, file: read.file, isSaved: saveAs !== undefined });
  }
  const name = saveAs ?? 'items.jsonl';
  const local = path.join(await ctx.files.scratch(), 'items');
  const all = await writeItems({ config, ctx, service, body, local });
  const file = await ctx.files.put({ name, mediaType: 'application/x-ndjson' }, localFile(local));
  ctx.log.info(`${all.items} rows of ${all.pages} pages.`);
  return resultOf({ ...all, answered: { ...all.answered, body: null }, file, isSaved: saveAs !== undefined });
}

function resultOf({
  answered,
  bytes,
  pages,
  items,
  file,
  isSaved,
}: {
  answered: Answered;
  bytes: number;
  pages: number;
  items: number | null;
  file: FileRef | undefined;
  /** Somebody asked for the file: it is not only what was too large for a value. */
  isSaved: boolean;
}): StepResult {
  const { status, headers, body, ms } = answered;
  const value = { status, headers, body: file ? null : (body ?? null), bytes, ms, pages, items, file: file?.name ?? null };
  return { value, files: file ? [file] : [], artifacts: isSaved };
}

interface Asking {
  config: Config;
  ctx: StepContext;
  service: HttpService;
  body: RequestBody | undefined;
}

async function writeItems({ local, ...asking }: Asking & { local: string }) {
  const { config, service, ctx } = asking;
  await using out = await open(local, 'w', 0o600);
  const sum = { items: 0, pages: 0, bytes: 0, ms: 0 };
  for (let url: URL | null = firstPage(addressOf(service, config), config.pages), last: Answered | undefined; ; ) {
    const page = await fetchPage({ ...asking, url: url as URL, saveAs: undefined });
    last = page.answered;
    const rows = rowsOf(page, config);
    await writeRows(out, rows);
    sum.items += rows.length;
    sum.pages += 1;
    sum.bytes += page.read.bytes;
    sum.ms += page.answered.ms;
    ctx.progress({ items: sum.items, rows: sum.items });
    if (sum.bytes > config.maxBytes)
      throw new TooLarge('http.too_large', `All pages together have more than ${config.maxBytes.toLocaleString('en')} bytes.`, {
        hint: 'Raise maxBytes if that is right.',
      });
    const next = nextPage(url as URL, { pages: config.pages, answer: page.answer, json: page.json, items: rows.length });
    if (next === null) return { ...sum, answered: { ...last, ms: sum.ms } };
    if (sum.pages >= config.maxPages)
      throw new TooLarge('http.too_many_pages', `There are more than ${config.maxPages} pages.`, { hint: 'Narrow the query, or raise maxPages.' });
    url = service.urlOf(next.href);
  }
}

function rowsOf({ json, answered }: Page, { items = '' }: Config): unknown[] {
  const rows = fieldAt(json, items);
  if (Array.isArray(rows)) return rows;
  throw new InvalidInput('http.no_rows', json === undefined ? `The answer (HTTP ${answered.status}) is no JSON.` : `${items || 'The answer'} is no list.`, {
    hint: 'Name the field that holds the rows, with points between: data.items.',
  });
}

async function writeRows(out: FileHandle, rows: unknown[]): Promise<void> {
  const text = rows.map((row) => `${JSON.stringify(row !== null && typeof row === 'object' && !Array.isArray(row) ? row : { value: row })}\n`).join('');
  await out.appendFile(text).catch((thrown: unknown) => {
    throw folderFailure(thrown, 'the rows of the answer');
  });
}

async function fetchPage({ config, ctx, service, body, url, saveAs }: Asking & { url: URL; saveAs: string | undefined }): Promise<Page> {
  const started = performance.now();
  const { method, attempts, retryUnsafe, expect } = config;
  const key: Record<string, string> = method === 'POST' || method === 'PATCH' ? { 'idempotency-key': ctx.idempotencyKey } : {};
  const answer = await send({
    ...{ service, url, method, body, attempts, retryUnsafe, signal: ctx.signal, log: ctx.log },
    headers: { ...key, ...config.headers },
    isExpected: (status) => isExpectedStatus(expect, status),
  });
  if (!isExpectedStatus(expect, answer.status)) throw statusFailure({ status: answer.status, url, excerpt: await excerptOf(answer) });
  const mediaType = answer.headers.get('content-type') ?? 'application/octet-stream';
  const isNeeded = config.items !== undefined || expect?.where !== undefined || expect?.schema !== undefined;
  const nameWhenLarge = fileNameOf(url, mediaType);
  const read = await readAnswer(ctx, answer, { isNeeded, saveAs, nameWhenLarge, mediaType: saveAs ? mediaTypeOf(saveAs) : mediaType.slice(0, 200) });
  const ms = Math.round(performance.now() - started);
  const { json, text } = parsedContent(read.content, mediaType);
  ctx.log.info(`${method} ${url.origin}${url.pathname}: HTTP ${answer.status}, ${read.bytes} bytes in ${ms} ms.`);
  const answered: Answered = { status: answer.status, headers: shownHeaders(answer), body: json ?? text, ms };
  requireExpected(expect, answered, ctx);
  return { answer, read, answered, json };
}

/** What a service says of its refusal, in one line. */
async function excerptOf(answer: Response): Promise<string> {
  let text = '';
  try {
    for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString('utf8');
      if (text.length > 2_000) break;
    }
  } catch {
    // What there is of it will do.
  }
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300);
}

/** Without what may be a secret of the session. */
function shownHeaders(answer: Response): Record<string, string> {
  const shown = [...answer.headers].filter(([name]) => !['set-cookie', 'www-authenticate', 'proxy-authenticate'].includes(name));
  return Object.fromEntries(shown.slice(0, 60).map(([name, value]) => [name, value.slice(0, 500)]));
}

function fileNameOf(url: URL, mediaType: string): string {
  const ending = /\bjson\b/i.test(mediaType) ? '.json' : /\bcsv\b/i.test(mediaType) ? '.csv' : /\bxml\b/i.test(mediaType) ? '.xml' : '.bin';
  const last = url.pathname
    .split('/')
    .filter(Boolean)
    .at(-1)
    ?.replace(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^\.+/, '')
    .slice(0, 100);
  return last ? (/\.[a-z0-9]{1,8}$/i.test(last) ? last : `${last}${ending}`) : `answer${ending}`;
}
