// What came in, validated against the route's schemas: every fault of path, query and body in one answer.
import { type Readable, Transform } from 'node:stream';
import { InvalidInput, TooLarge } from '@tidewheel/contract/errors';
import type { Fault } from '@tidewheel/contract/problem';
import type { Route } from '@tidewheel/contract/route';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RawBody } from '../../base/endpoint.ts';
import { faultsOfZod } from '../../base/zod-faults.ts';
import { workspaceParameter } from './call.ts';
import { findUnstorable } from './storable-input.ts';

export interface InputLimits {
  jsonBytes: number;
  uploadBytes: number;
  /** For a body that is kept in memory. */
  bodyWithinMs: number;
  /** Between two pieces of a body that is streamed. */
  uploadIdleMs: number;
}

export interface RawInput {
  params: unknown;
  query: unknown;
  body: unknown;
}

/** Of a body that is handed on as it came. */
const rawBytes = 1_000_000;

type Part = 'params' | 'query' | 'body';
const prefixes: Record<Part, string> = { params: 'path.', query: 'query.', body: '' };

/** @throws InvalidInput with `details.faults`, TooLarge */
export async function readInput(route: Route, request: FastifyRequest, limits: InputLimits): Promise<RawInput> {
  const upload = route.bodyType === 'application/octet-stream';
  refusePacked(request);
  refuseFormType(route, request);
  if (upload) checkLength(request, limits.uploadBytes);
  const given: RawInput = {
    params: request.params,
    query: withoutWorkspace(request),
    body: route.body && !upload ? await readBody(route, request, limits) : undefined,
  };
  const isRaw = route.bodyType === '*/*';
  const parts: Part[] = upload || isRaw ? ['params', 'query'] : ['params', 'query', 'body'];
  const faults: Fault[] = [];
  const parsed: RawInput = { params: undefined, query: undefined, body: undefined };
  for (const part of parts) parsed[part] = validate({ schema: route[part], value: given[part], part, faults });
  if (faults.length > 0) {
    throw new InvalidInput(
      'request.invalid',
      faults
        .map((fault) => `${fault.path}: ${fault.message}`)
        .join('; ')
        .slice(0, 2_000),
      { details: { faults } },
    );
  }
  if (upload) parsed.body = limited(request.raw, limits);
  if (isRaw) parsed.body = given.body;
  return parsed;
}

// Read by call.ts, of every route that answers a link.
function withoutWorkspace({ method, query }: FastifyRequest): unknown {
  if (method !== 'GET' && method !== 'HEAD') return query;
  const { [workspaceParameter]: _workspace, ...own } = query as Record<string, unknown>;
  return own;
}

function validate({ schema, value, part, faults }: { schema: z.ZodType | undefined; value: unknown; part: Part; faults: Fault[] }): unknown {
  if (!schema) return undefined;
  const unstorable = findUnstorable(value, prefixes[part]);
  if (unstorable.length > 0) {
    faults.push(...unstorable);
    return undefined;
  }
  const form = strict(schema);
  const result = form.safeParse(value);
  if (result.success) return result.data;
  // Without values: what goes into an answer goes into logs, and a password may stand where none belongs.
  const found = faultsOfZod({ error: result.error, input: value, schema: form, path: [], withoutValues: true });
  for (const { keys, message } of found) faults.push({ path: prefixes[part] + keys.map(String).join('.') || 'body', message, severity: 'error' });
  return undefined;
}

// A misspelt name must not be dropped in silence: `parmeters` would start a run with the defaults.
const strictForms = new WeakMap<z.ZodType, z.ZodType>();
function strict(schema: z.ZodType): z.ZodType {
  // One that says itself what it does with unknown names (z.looseObject) is taken at its word.
  if (!(schema instanceof z.ZodObject) || schema.def.catchall !== undefined) return schema;
  const form = strictForms.get(schema) ?? schema.strict();
  strictForms.set(schema, form);
  return form;
}

async function readBody(route: Route, request: FastifyRequest, { jsonBytes, bodyWithinMs }: InputLimits): Promise<unknown> {
  if (route.bodyType === '*/*') return readRaw(request, { limit: Math.min(jsonBytes, rawBytes), withinMs: bodyWithinMs });
  checkLength(request, jsonBytes);
  const text = await inTime(readText(request.raw, jsonBytes), request, bodyWithinMs);
  if (route.bodyType === 'application/yaml') return text;
  if (text === '') return undefined;
  requireJson(request);
  return parseJson(text);
}

/** As it came, for whoever checks a signature over it. */
async function readRaw(request: FastifyRequest, { limit, withinMs }: { limit: number; withinMs: number }): Promise<RawBody> {
  checkLength(request, limit);
  const bytes = await inTime(readBytes(request.raw, limit), request, withinMs);
  return { type: request.headers['content-type'] ?? '', bytes };
}

function requireJson(request: FastifyRequest): void {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json' || type.endsWith('+json')) return;
  throw new InvalidInput(
    'request.media_type',
    type ? `The body is ${type.slice(0, 100)}, but this operation takes application/json.` : 'The body has no Content-Type.',
    { hint: 'Send the header Content-Type: application/json.' },
  );
}

/** What is unpacked can be a thousand times larger than what came; nobody has asked us to take it. */
function refusePacked({ headers }: FastifyRequest): void {
  const coding = headers['content-encoding'];
  if (coding === undefined || coding.trim().toLowerCase() === 'identity') return;
  throw new InvalidInput('request.content_encoding', `The body is packed by ${coding.slice(0, 50)}, which is not taken.`, {
    hint: 'Send it as it is, without Content-Encoding.',
  });
}

const formTypes = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']);

/** The types that a form of a foreign page can send without asking first; beside same-origin.ts the second lock on the same door. */
function refuseFormType(route: Route, { headers }: FastifyRequest): void {
  if (route.bodyType === undefined || headers.authorization !== undefined || headers.cookie === undefined) return;
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!formTypes.has(type)) return;
  throw new InvalidInput('request.media_type', `The body is ${type}, but this operation takes ${route.bodyType}.`, {
    hint: `Send the header Content-Type: ${route.bodyType}.`,
  });
}

/** A body that comes drop by drop holds a connection and memory: its sender is dropped. */
async function inTime<T>(reading: Promise<T>, { raw }: FastifyRequest, withinMs: number): Promise<T> {
  const timer = setTimeout(() => raw.destroy(), withinMs);
  try {
    return await reading;
  } finally {
    clearTimeout(timer);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, refusePrototype);
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    throw new InvalidInput('request.json', `The body is not valid JSON: ${(error as Error).message.slice(0, 200)}`, { cause: error });
  }
}

// As own keys they would poison whoever copies or merges the object by assignment.
function refusePrototype(this: unknown, key: string, value: unknown): unknown {
  if (key === 'constructor' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype'))
    throw new InvalidInput('request.json', 'The body holds the key "constructor" with a "prototype", which is refused.');
  if (key === '__proto__') throw new InvalidInput('request.json', 'The body holds the key "__proto__", which is refused.');
  return value;
}

function checkLength(request: FastifyRequest, limit: number): void {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
}

async function readBytes(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof TooLarge ? error : brokenOff(error as Error);
  }
  return Buffer.concat(chunks);
}

async function readText(stream: Readable, limit: number): Promise<string> {
  const bytes = await readBytes(stream, limit);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InvalidInput('request.encoding', 'The body is not valid UTF-8.', { cause: error });
  }
}

/** The stream itself, ended by TooLarge once more than `uploadBytes` came. A client that breaks off ends it with an error too. */
function limited(source: Readable, { uploadBytes, uploadIdleMs }: InputLimits): Readable {
  let size = 0;
  let heard = Date.now();
  const idle = setInterval(() => {
    if (Date.now() - heard > uploadIdleMs && !source.isPaused()) source.destroy();
  }, uploadIdleMs / 4);
  idle.unref();
  const gate = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      heard = Date.now();
      if (size > uploadBytes) done(tooLarge(uploadBytes));
      else done(null, chunk);
    },
  });
  // Not pipeline: it would end the socket with the gate, and the answer that says why could not go out. What still comes is read and dropped.
  source.once('error', (error) => gate.destroy(brokenOff(error)));
  gate.once('close', () => {
    clearInterval(idle);
    source.unpipe(gate);
    source.resume();
  });
  return source.pipe(gate);
}

/** The sender went away, or was dropped for being slow: no fault of ours, and nobody is there to be answered. */
function brokenOff(cause: Error): InvalidInput {
  return new InvalidInput('request.broken_off', 'The body did not come to its end.', { cause });
}

function tooLarge(limit: number): TooLarge {
  return new TooLarge('request.too_large', `The body is larger than the ${limit.toLocaleString('en')} bytes that this operation takes.`, {
    details: { limitBytes: limit },
  });
}
