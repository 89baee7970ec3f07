// What an expression can see, and how JavaScript values become CEL values and come back.
import { type CelInput, type CelValue, isCelList, isCelMap, isCelType, isCelUint } from '@bufbuild/cel';
import { toJson } from '@bufbuild/protobuf';
import { isReflectMessage } from '@bufbuild/protobuf/reflect';
import { type Duration, DurationSchema, type Timestamp, timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Calendars } from './calendars.ts';

export interface StepScope {
  state: string;
  rows: number | null;
  rejected: number;
  value: unknown;
  files: { name: string; size: number; sha256: string }[];
}

/** What stands under names, each looked up when it is read. A Map is one. */
interface Fields<Value> {
  has(name: string): boolean;
  get(name: string): Value | undefined;
  keys(): Iterable<string>;
}

/** Every parameter is visible by its name, beside `steps`, `run`, `now` and `today`, which win over parameters of the same name. */
export interface Scope {
  parameters: Record<string, unknown>;
  /** Of a run below another one: item and index, or iteration and last. They win over parameters too. */
  locals?: Record<string, unknown> | undefined;
  /** Results by step, of which a run may have thousands: an expression pays for those that it names. */
  steps: Fields<StepScope>;
  /** `callback`: the address at which others answer this run, without the name of what they answer. */
  run: { id: string; number: number; flow: string; callback?: string; startedBy?: string };
  now: Date;
  /** `YYYY-MM-DD` in the flow's zone. */
  today: string;
  /** As they were at `now`; left out: those that are built in. */
  calendars?: Calendars | undefined;
}

export const scopeNames = ['steps', 'run', 'now', 'today'] as const;

/** Only what the expression names is converted. */
export function bind(scope: Scope, names: Iterable<string>): Record<string, CelInput> {
  const bindings: Record<string, CelInput> = Object.create(null);
  for (const name of names) {
    if (name === 'steps') bindings[name] = new FieldMap(scope.steps);
    else if ((scopeNames as readonly string[]).includes(name)) bindings[name] = toCel(scope[name as 'run' | 'now' | 'today']);
    else if (scope.locals && Object.hasOwn(scope.locals, name)) bindings[name] = toCel(scope.locals[name]);
    else if (Object.hasOwn(scope.parameters, name)) bindings[name] = toCel(scope.parameters[name]);
  }
  return bindings;
}

/** Whole numbers become CEL ints, as their authors expect; everything that is absent becomes null. */
function toCel(value: unknown): CelInput {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === 'bigint') return BigInt.asIntN(64, value);
  if (typeof value === 'string' || typeof value === 'boolean' || value instanceof Uint8Array) return value;
  if (value instanceof Date) return timestampFromDate(value);
  if (Array.isArray(value)) return value.map(toCel);
  return typeof value === 'object' ? new FieldMap(new RecordFields(value as Record<string, unknown>)) : null;
}

/** Own keys only: `constructor` is not a field of a step's value. */
class RecordFields implements Fields<unknown> {
  readonly #record: Record<string, unknown>;
  constructor(record: Record<string, unknown>) {
    this.#record = record;
  }
  has(name: string): boolean {
    return Object.hasOwn(this.#record, name);
  }
  get(name: string): unknown {
    return this.#record[name];
  }
  keys(): Iterable<string> {
    return Object.keys(this.#record);
  }
}

/** Fields seen as a map, their values converted when they are read. */
class FieldMap extends Map<string, CelInput> {
  readonly #fields: Fields<unknown>;
  constructor(fields: Fields<unknown>) {
    super();
    this.#fields = fields;
  }
  override get size(): number {
    return [...this.#fields.keys()].length;
  }
  override get(key: string): CelInput | undefined {
    return this.has(key) ? toCel(this.#fields.get(key)) : undefined;
  }
  override has(key: string): boolean {
    return typeof key === 'string' && this.#fields.has(key);
  }
  override forEach(visit: (value: CelInput, key: string, map: Map<string, CelInput>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
  override *entries(): MapIterator<[string, CelInput]> {
    for (const key of this.#fields.keys()) yield [key, toCel(this.#fields.get(key))];
  }
  override *keys(): MapIterator<string> {
    yield* this.#fields.keys();
  }
  override *values(): MapIterator<CelInput> {
    for (const [, value] of this.entries()) yield value;
  }
  override [Symbol.iterator](): MapIterator<[string, CelInput]> {
    return this.entries();
  }
}

/** Plain data: safe integers as numbers (larger ones as text), timestamps as ISO text, durations as seconds text, bytes as base64, maps as objects. */
export function fromCel(value: CelValue): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return fromInteger(value);
  if (isCelUint(value)) return fromInteger(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (isCelList(value)) return [...value].map(fromCel);
  if (isCelMap(value)) return Object.fromEntries([...value].map(([key, item]) => [String(isCelUint(key) ? key.value : key), fromCel(item)]));
  if (isCelType(value)) return value.name;
  return isReflectMessage(value) ? fromMessage(value.message) : null;
}

function fromInteger(value: bigint): number | string {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

function fromMessage(message: { $typeName: string }): unknown {
  if (message.$typeName === 'google.protobuf.Timestamp') return timestampDate(message as Timestamp).toISOString();
  if (message.$typeName === 'google.protobuf.Duration') return toJson(DurationSchema, message as Duration);
  return null;
}
