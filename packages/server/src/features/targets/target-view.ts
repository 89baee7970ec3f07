// A row of a host as the API shows it and as the audit trail keeps it.
import type { Target } from '@tidewheel/contract/target';
import type { TargetRow } from './targets.store.ts';

export function shownTarget(row: TargetRow): Target {
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    description: row.description,
    os: row.os,
    address: row.address,
    transport: row.transport,
    settings: row.settings,
    credential: row.credential,
    via: row.via,
    dependsOn: inOrder(row.depends_on),
    category: row.category,
    tags: inOrder(row.tags),
    groups: inOrder(row.groups),
    facts: row.facts,
    found: row.found,
    foundAt: row.found_at?.toISOString() ?? null,
    contact: contactOf(row),
    seenAt: row.reached_at?.toISOString() ?? null,
    lastFailure: failureOf(row),
    maintenance: maintenanceOf(row),
    state: row.state,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    updatedAt: row.updated_at.toISOString(),
    archivedAt: row.archived_at?.toISOString() ?? null,
  };
}

function contactOf({ contact_at, contact_ok, contact_by, failed_why }: TargetRow): Target['contact'] {
  if (contact_at === null) return null;
  return { ok: contact_ok === true, at: contact_at.toISOString(), by: contact_by ?? '', failed: contact_ok ? null : failed_why };
}

function failureOf({ failed_at, failed_by, failed_why }: TargetRow): Target['lastFailure'] {
  return failed_at && { at: failed_at.toISOString(), by: failed_by ?? '', why: failed_why ?? '' };
}

/** One that is over counts no more. */
function maintenanceOf(row: TargetRow): Target['maintenance'] {
  const { maintenance_from: from, maintenance_until: until, maintenance_reason: reason, maintenance_by: by } = row;
  if (from === null || (until !== null && until.getTime() <= Date.now())) return null;
  return { from: from.toISOString(), until: until?.toISOString() ?? null, reason: reason ?? '', by: by ?? '', isActive: from.getTime() <= Date.now() };
}

export function objectOf({ id, name }: Pick<TargetRow, 'id' | 'name'>) {
  return { type: 'target', id, title: name };
}

type Viewed = Pick<
  TargetRow,
  'title' | 'description' | 'os' | 'address' | 'transport' | 'settings' | 'credential' | 'via' | 'depends_on' | 'category' | 'tags' | 'groups' | 'facts'
>;

/** What people set, under the names by which it is set again. */
export function auditView({ title, description, os, address, transport, settings, credential, via, depends_on, category, tags, groups, facts }: Viewed) {
  const plain = { title, description, os, address, transport, settings, credential, via, category, facts };
  return { ...plain, dependsOn: inOrder(depends_on), tags: inOrder(tags), groups: inOrder(groups) };
}

/** Each once, in an order that does not hang on the locale of a database. */
function inOrder(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
