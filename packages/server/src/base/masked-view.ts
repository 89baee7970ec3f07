// What a role keeps from its holders is taken out of a view here, before it leaves a service.
import type { Attributes } from '@tidewheel/contract/ability';
import type { Mask, MaskableType } from '@tidewheel/contract/access';
import { NotAllowed } from '@tidewheel/contract/errors';
import type { Permission } from '@tidewheel/contract/route';
import type { Actor } from './actor.ts';

/** In place of a masked value; a hidden one is null. */
export const maskText = '•••••';

export type FieldState = 'plain' | Mask['as'];

/** What is shown to whom: the permission is the one by which he sees the object. */
export interface Shown {
  type: MaskableType;
  permission: Permission;
  object: Attributes;
}

export function masksAny(actor: Actor, type: MaskableType): boolean {
  return actor.ability?.masksAny(type) ?? false;
}

export function fieldState(actor: Actor, shown: Shown, field: string): FieldState {
  return actor.ability?.fieldState({ ...shown, field }) ?? 'plain';
}

export function maskedText(state: FieldState, value: string): string | null {
  if (state === 'plain') return value;
  return state === 'masked' ? maskText : null;
}

/** An open record under a field: what is hidden is left out, what is masked keeps its name. */
export function maskedRecord(actor: Actor, shown: Shown, { field, record }: { field: string; record: Record<string, unknown> }): Record<string, unknown> {
  if (!masksAny(actor, shown.type)) return record;
  return maskedInside(record, { field, state: (path) => fieldState(actor, shown, path) });
}

/** One value and whatever is inside it. */
export function maskedField(actor: Actor, shown: Shown, { field, value }: { field: string; value: unknown }): unknown {
  const how = fieldState(actor, shown, field);
  if (how === 'hidden' || value === null) return null;
  return how === 'masked' ? maskText : maskedBelow(value, { field, state: (path) => fieldState(actor, shown, path) });
}

function maskedInside(record: Record<string, unknown>, { field, state }: Inside): Record<string, unknown> {
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(record)) {
    const path = `${field}.${name}`;
    const how = state(path);
    if (how === 'masked') kept.push([name, maskText]);
    else if (how === 'plain') kept.push([name, maskedBelow(value, { field: path, state })]);
  }
  return Object.fromEntries(kept);
}

function maskedBelow(value: unknown, inside: Inside): unknown {
  if (Array.isArray(value)) return value.map((item) => maskedBelow(item, inside));
  return typeof value === 'object' && value !== null ? maskedInside(value as Record<string, unknown>, inside) : value;
}

/**
 * A record that came back from who was shown it masked: what he could not see is as it was stored, unless he gave something else for it.
 * A form sends back what it was given.
 */
export function restoredRecord(
  actor: Actor,
  shown: Shown,
  { field, given, stored }: { field: string; given: Record<string, unknown>; stored: Record<string, unknown> },
): Record<string, unknown> {
  if (!masksAny(actor, shown.type)) return given;
  return restoredInside(given, stored, { field, state: (path) => fieldState(actor, shown, path) });
}

type Inside = { field: string; state(path: string): FieldState };

function restoredInside(given: Record<string, unknown>, stored: Record<string, unknown>, { field, state }: Inside): Record<string, unknown> {
  const restored = { ...given };
  for (const [name, value] of Object.entries(stored)) {
    const path = `${field}.${name}`;
    const how = state(path);
    const back = given[name];
    if (how === 'plain') {
      if (isRecord(value) && isRecord(back)) restored[name] = restoredInside(back, value, { field: path, state });
    } else if (back === maskText || (how === 'hidden' && (back === undefined || back === null))) restored[name] = value;
  }
  return restored;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every text that `masked` no longer shows of `plain`, longest first: to take them out of reports that quote them. */
export function textsKept(plain: unknown, masked: unknown): string[] {
  const texts = new Set(leavesOf(plain));
  for (const text of leavesOf(masked)) texts.delete(text);
  return [...texts].filter((text) => text.length > 1).sort((one, other) => other.length - one.length);
}

function leavesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf);
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

/** The same value with these texts masked wherever they stand in it. */
export function withoutTexts<T>(value: T, texts: readonly string[]): T {
  if (texts.length === 0) return value;
  if (typeof value === 'string') return texts.reduce<string>((text, kept) => text.replaceAll(kept, maskText), value) as T;
  if (typeof value === 'number') return (texts.includes(String(value)) ? maskText : value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutTexts(item, texts)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutTexts(inner as unknown, texts)])) as T;
}

/** For what cannot be cut by fields. @throws NotAllowed `field.kept` when the role keeps something of it whichever way it is read */
export function refuseWhole(actor: Actor, { head, what, ...shown }: Shown & { head: string; what: string }): void {
  if (!actor.ability?.keepsSome({ ...shown, head })) return;
  throw new NotAllowed(
    'field.kept',
    `Your role keeps ${head} of ${shown.type === 'audit' ? 'audit entries' : `${shown.type}s`} from you, so ${what} cannot be downloaded.`,
    {
      hint: 'What you may see of it is on its page.',
      details: {
        field: head,
        why: actor.ability.sources.filter(({ source }) => source.masks.some(({ type }) => type === shown.type)).map(({ source }) => source.title),
      },
    },
  );
}
