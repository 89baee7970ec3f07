// What an audit entry says and the exact texts that are hashed. The format is a contract with every verifier: see docs/audit.md.
import { createHash } from 'node:crypto';
import type { AuditAction } from '@tidewheel/contract/audit-actions';
import type { Actor } from './actor.ts';
import { redactor } from './redactor.ts';
import { storableJson } from './text.ts';

/** Who acted: an actor without permissions will do. */
export type AuditActor = Pick<Actor, 'userId' | 'label' | 'workspaceId' | 'kind' | 'via' | 'reverts' | 'lent'>;

/** `before` and `after`: what people may see of the object, never a secret. */
export interface AuditRecord {
  action: AuditAction;
  object: { type: string; id: string; title: string } | null;
  before?: unknown;
  after?: unknown;
}

/** Longer contents are kept as their hash: the object's own history has them. */
const mostBytes = 64 * 1024;

/** The text that is hashed and kept. Secrets that are open right now are taken out whatever the caller passes. */
export function auditBody(actor: AuditActor, { object, before, after }: AuditRecord): string {
  const through = [...new Set([...(actor.lent?.values() ?? [])].flat())];
  const kind = actor.kind ?? (actor.userId === null ? 'system' : 'user');
  return storableJson(
    redactor.deep({
      actor: { kind, id: actor.userId, label: actor.label, ...(through.length === 0 ? {} : { through }) },
      object,
      requestId: actor.via?.requestId ?? null,
      address: actor.via?.address ?? null,
      ...(actor.reverts === undefined ? {} : { reverts: actor.reverts }),
      before: bounded(before),
      after: bounded(after),
    }),
  );
}

function bounded(value: unknown): unknown {
  if (value === undefined) return null;
  const text = storableJson(value);
  if (text.length <= mostBytes) return value;
  return { tooLongToKeep: true, characters: text.length, sha256: createHash('sha256').update(text).digest('hex') };
}

export function payloadHash(salt: Buffer, body: string): Buffer {
  return createHash('sha256').update(salt).update(body).digest();
}

/** The text of a leaf in the tree. */
export function leafText(entry: { workspaceId: string; id: string; at: Date; action: string; payloadHash: Buffer }): string {
  const { workspaceId, id, at, action } = entry;
  return JSON.stringify({ v: 1, workspace: workspaceId, id, at: at.toISOString(), action, payload: entry.payloadHash.toString('hex') });
}
