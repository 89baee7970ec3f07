// Who may not see what an event is about is not told of it.
import type { Reachable } from '../ports.ts';
import type { EventFacts } from './facts.ts';

export function maySee({ id, ability }: Reachable, { flow, run, kind, onlyFor }: EventFacts): boolean {
  if (onlyFor !== null && onlyFor !== id) return false;
  if (kind === 'color.matched') return ability.can('color.read', {});
  if (flow === null) return true;
  return ability.can('run.read', { flow: flow.slug, folder: flow.folder, kind: flow.kind, startedBy: run?.startedBy ?? null });
}
