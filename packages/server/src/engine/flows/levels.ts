// Which steps of a document see which: those of their own level, and of the levels around it. Pure.
import type { Step } from '@tidewheel/contract/flow-document';
import { predecessorsOf } from '@tidewheel/contract/flow-steps';
import type { Names } from '../expressions/names.ts';
import { topologicalOrder } from './graph.ts';
import type { Draft, DraftStep, StepPlace } from './parse.ts';

export interface Level {
  inside: readonly string[];
  /** Also of those that could not be read. */
  ids: ReadonlySet<string>;
  /** Those that could be read. */
  steps: Readonly<Record<string, Step>>;
}

export interface Levels {
  all(): Iterable<Level>;
  of(place: Pick<StepPlace, 'inside'>): Level;
  /** The level, own or around, on which a step of this name is seen from there. */
  whereSeen(place: Pick<StepPlace, 'inside'>, name: string): Level | null;
  namesFrom(place: Pick<StepPlace, 'inside'>): Names;
  /** A readable step as it is seen from there. */
  seen(place: Pick<StepPlace, 'inside'>, name: string): DraftStep | null;
  /** The place of a name wherever it stands. */
  find(name: string): StepPlace | null;
  /** Steps that run at the end of a run of this level, whatever happened. */
  finals(level: Level): ReadonlySet<string>;
  /** Whether one step of a level comes before another one in some way; in a circle all do. */
  isBefore(level: Level, pair: { earlier: string; later: string }): boolean;
}

export function levelsOf(draft: Draft): Levels {
  const levels = new Map<string, Level & { ids: Set<string>; steps: Record<string, Step> }>();
  const places = new Map<string, StepPlace>();
  const readable = new Map<string, DraftStep>();
  for (const place of draft.places) {
    levelAt(place.inside).ids.add(place.id);
    if (!places.has(place.id)) places.set(place.id, place);
  }
  for (const step of draft.steps) {
    levelAt(step.inside).steps[step.id] = step.step;
    readable.set([...step.inside, step.id].join('/'), step);
  }
  const finals = new Map<Level, ReadonlySet<string>>();
  const orders = new Map<Level, Order>();
  return {
    all: () => levels.values(),
    of: ({ inside }) => levelAt(inside),
    whereSeen,
    namesFrom: (place) => ({
      has: (name) => whereSeen(place, name) !== null,
      keys: () => around(place).flatMap((level) => [...level.ids]),
    }),
    seen(place, name) {
      const level = whereSeen(place, name);
      return level ? (readable.get([...level.inside, name].join('/')) ?? null) : null;
    },
    find: (name) => places.get(name) ?? null,
    finals(level) {
      const known = finals.get(level) ?? finalsOf(level.steps);
      finals.set(level, known);
      return known;
    },
    isBefore(level, { earlier, later }) {
      const order = orders.get(level) ?? orderOf(level.steps);
      orders.set(level, order);
      const bits = order.before.get(later);
      const place = order.places.get(earlier);
      return bits === undefined || (place !== undefined && ((bits[place >> 5] ?? 0) & (1 << (place & 31))) !== 0);
    },
  };

  function levelAt(inside: readonly string[]) {
    const key = inside.join('/');
    const level = levels.get(key) ?? { inside, ids: new Set<string>(), steps: Object.create(null) as Record<string, Step> };
    levels.set(key, level);
    return level;
  }
  function around({ inside }: Pick<StepPlace, 'inside'>): Level[] {
    return Array.from({ length: inside.length + 1 }, (_, at) => levelAt(inside.slice(0, inside.length - at)));
  }
  function whereSeen(place: Pick<StepPlace, 'inside'>, name: string): Level | null {
    return around(place).find((level) => level.ids.has(name)) ?? null;
  }
}

interface Order {
  places: ReadonlyMap<string, number>;
  /** By step, a bit for each step that comes before it: 3 MB for 5,000 steps, and made in some milliseconds. */
  before: ReadonlyMap<string, Uint32Array>;
}

function orderOf(steps: Readonly<Record<string, Step>>): Order {
  const order = topologicalOrder(steps);
  const places = new Map(order.map((id, place) => [id, place]));
  const before = new Map<string, Uint32Array>();
  for (const id of order) {
    const bits = new Uint32Array(Math.ceil(order.length / 32));
    for (const name of predecessorsOf(steps[id] as Step)) {
      const place = places.get(name);
      if (place === undefined) continue;
      bits[place >> 5] = (bits[place >> 5] ?? 0) | (1 << (place & 31));
      for (const [at, word] of (before.get(name) as Uint32Array).entries()) bits[at] = (bits[at] ?? 0) | word;
    }
    before.set(id, bits);
  }
  return { places, before };
}

/** As the plan has it: without anything before them they are told `on: failure` or `always`, or they come after such a step. */
function finalsOf(steps: Readonly<Record<string, Step>>): Set<string> {
  const finals = new Set<string>();
  for (const id of topologicalOrder(steps)) {
    const step = steps[id] as Step;
    const before = predecessorsOf(step).filter((name) => Object.hasOwn(steps, name));
    const isFinal = before.length === 0 ? step.on !== undefined && step.on !== 'success' : before.some((name) => finals.has(name));
    if (isFinal) finals.add(id);
  }
  return finals;
}

/** Of these names those whose steps need not have ended before this one begins. Names that are not seen from there are left out. */
export function notBefore(levels: Levels, step: DraftStep, names: Iterable<string>): string[] {
  const wanted = new Set([...names].filter((name) => levels.whereSeen(step, name) !== null));
  let place: StepPlace | null = step;
  while (place !== null && wanted.size > 0) {
    takeEnded(levels, place, wanted);
    place = outerOf(levels, place);
  }
  return [...wanted];
}

function outerOf(levels: Levels, { inside }: StepPlace): StepPlace | null {
  const outer = inside.at(-1);
  return outer === undefined ? null : (levels.seen({ inside: inside.slice(0, -1) }, outer) ?? null);
}

/** Takes out of `wanted` what has surely ended when a step on its level begins. */
function takeEnded(levels: Levels, place: StepPlace, wanted: Set<string>): void {
  const level = levels.of(place);
  const finals = levels.finals(level);
  for (const name of wanted) {
    if (!level.ids.has(name)) continue;
    const isOver = finals.has(place.id) && !finals.has(name);
    if (isOver || levels.isBefore(level, { earlier: name, later: place.id })) wanted.delete(name);
  }
}
