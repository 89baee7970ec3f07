// Credentials as objects: everybody who may read them sees what they are and where they are used; what they hold is given once and never shown.
import { credentialTypes } from '@tidewheel/contract/credential-types';
import { Conflict } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { Credential, CredentialChange, CredentialInput, CredentialRotation, CredentialTypeInfo } from '@tidewheel/contract/routes/credentials';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { storable } from '../../base/text.ts';
import type { StepTypes } from '../../engine/ports.ts';
import {
  type CredentialFilter,
  credentialColumns,
  findNamed,
  findNamedCredentials,
  type NamedCredential,
  namedInUse,
  purposeOfNamed,
} from '../../platform/vault/named.store.ts';
import { credentialFor, credentialObject } from '../../platform/vault/named-access.ts';
import type { Vault } from '../../platform/vault/vault.service.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { type DescribeKey, factsOf } from './credential-facts.ts';
import { parseFields, parseSecret, refused, typeInfo, typeOf } from './credential-types.ts';
import { changeCredential, countRotation, findUsers, findUsingTargets, nameCredential } from './credentials.store.ts';

export interface CredentialDeps {
  databases: Databases;
  vault: Vault;
  types: StepTypes;
  describeKey: DescribeKey;
}

const hourMs = 3_600_000;

export function listCredentialTypes(actor: Actor): CredentialTypeInfo[] {
  requirePermission(actor, 'credential.read');
  return credentialTypes.map(typeInfo);
}

export async function listCredentials({ databases }: CredentialDeps, actor: Actor, query: CredentialFilter & PageRequest): Promise<Page<Credential>> {
  requirePermission(actor, 'credential.read');
  const page = await inWorkspace(databases.app, actor.workspaceId, (trx) =>
    findNamedCredentials(trx, { ...query, permitted: permittedRows(actor, 'credential.read', credentialColumns) }, query),
  );
  return { ...page, items: page.items.map(shown) };
}

/** Also archived ones. @throws NotFound with the closest slug */
export async function showCredential({ databases }: CredentialDeps, actor: Actor, slug: string): Promise<Credential> {
  requirePermission(actor, 'credential.read');
  return shown(
    await inWorkspace(databases.app, actor.workspaceId, (trx) => credentialFor(trx, actor, { slug, permission: 'credential.read', archivedToo: true })),
  );
}

/** @throws InvalidInput with faults by path, Conflict when the slug is taken */
export async function createCredential(deps: CredentialDeps, actor: Actor, input: CredentialInput): Promise<Credential> {
  requirePermission(actor, 'credential.edit');
  const { workspaceId } = actor;
  requirePermission(actor, 'credential.edit', credentialObject(input));
  const type = typeOf(input.type);
  const fields = parseFields(type, input.fields);
  const secret = parseSecret(type, input.secret);
  const { facts, expiresOn } = await factsOf(type.type, { fields, secret }, deps.describeKey);
  return shown(
    await inWorkspace(deps.databases.app, workspaceId, async (trx) => {
      const id = await deps.vault.seal(trx, { workspaceId, purpose: purposeOfNamed(type), secret });
      const { slug, hosts, connections, remindDays } = input;
      const row = {
        slug,
        type: type.type,
        title: storable(input.title),
        description: storable(input.description),
        fields,
        facts,
        hosts,
        connections,
        remindDays,
      };
      if (!(await nameCredential(trx, id, { ...row, expiresOn: input.expiresOn ?? expiresOn ?? null, createdBy: actor.label })))
        throw new Conflict('credential.exists', `There is a credential "${slug}" already.`, { hint: 'Choose another name, or rotate that one.' });
      const made = await namedInUse(trx, slug);
      await recordAudit(trx, actor, { action: 'credential.created', object: objectOf(made), after: auditView(made) });
      return made;
    }),
  );
}

/** What is left out stays. @throws InvalidInput also for fields that belong to the secret */
export async function updateCredential(deps: CredentialDeps, actor: Actor, { slug, ...change }: CredentialChange & { slug: string }): Promise<Credential> {
  requirePermission(actor, 'credential.edit');
  return changing(deps, actor, slug, async (trx, before) => {
    const type = typeOf(before.type);
    const fields = change.fields && parseFields(type, change.fields);
    const bound = fields ? (type.bound ?? []).filter((name) => fields[name] !== before.fields[name]) : [];
    if (bound.length > 0)
      throw refused(
        bound.map((name) => ({ path: `fields.${name}`, message: 'changes together with the secret only', hint: 'Rotate the credential and give both.' })),
      );
    const { title, description, hosts, connections, expiresOn, remindDays } = change;
    const texts = { title: title && storable(title), description: description && storable(description) };
    await changeCredential(trx, before.id, {
      ...given({ fields, hosts, connections, expiresOn, remindDays }),
      ...given(texts),
      ...(description === '' ? { description } : {}),
    });
    return 'credential.updated';
  });
}

/** A new secret under a new data key; whatever refers to the credential stays as it is. */
export async function rotateCredential(deps: CredentialDeps, actor: Actor, { slug, ...input }: CredentialRotation & { slug: string }): Promise<Credential> {
  requirePermission(actor, 'credential.edit');
  const seen = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => credentialFor(trx, actor, { slug, permission: 'credential.edit' }));
  const type = typeOf(seen.type);
  const secret = parseSecret(type, input.secret);
  const fields = parseFields(type, input.fields ?? seen.fields);
  const { facts, expiresOn } = await factsOf(type.type, { fields, secret }, deps.describeKey);
  return changing(deps, actor, slug, async (trx, before) => {
    if (before.id !== seen.id || before.version !== seen.version)
      throw new Conflict('credential.changed', `The credential "${slug}" was rotated meanwhile.`, { hint: 'Look at it and try again.' });
    const place = { workspaceId: actor.workspaceId, credentialId: before.id };
    await deps.vault.store.setAside(trx, place, new Date(Date.now() + input.graceHours * hourMs));
    await deps.vault.seal(trx, { ...place, purpose: purposeOfNamed(before), secret });
    await countRotation(trx, before.id);
    await changeCredential(trx, before.id, { fields, facts, ...given({ expiresOn: input.expiresOn === undefined ? expiresOn : input.expiresOn }) });
    return 'credential.rotated';
  });
}

/** @throws Conflict when nothing lies aside any more */
export async function restoreCredential(deps: CredentialDeps, actor: Actor, slug: string): Promise<Credential> {
  requirePermission(actor, 'credential.edit');
  return changing(deps, actor, slug, async (trx, before) => {
    if (await deps.vault.store.putBack(trx, { workspaceId: actor.workspaceId, credentialId: before.id })) return 'credential.restored';
    throw new Conflict('credential.no_previous', `The secret before the last rotation of "${slug}" is not kept any more.`, {
      hint: 'Rotate with a grace (graceHours) to be able to go back, or enter the secret again.',
    });
  });
}

/** Forgets the secret. @throws Conflict naming the connections and hosts that use it, unless `force` */
export async function archiveCredential(deps: CredentialDeps, actor: Actor, { slug, force }: { slug: string; force: boolean }): Promise<Credential> {
  requirePermission(actor, 'credential.edit');
  return shown(
    await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
      const before = await credentialFor(trx, actor, { slug, permission: 'credential.edit', lock: 'update' });
      const connections = (await findUsers(trx, before.id)).map((user) => user.slug);
      const targets = (await findUsingTargets(trx, before.id)).map(({ name }) => name);
      const users = [...connections, ...targets];
      if (users.length > 0 && !force)
        throw new Conflict(
          'credential.in_use',
          `The credential "${slug}" is used by ${users.slice(0, 20).join(', ')}${users.length > 20 ? ` and ${users.length - 20} more` : ''}.`,
          {
            hint: 'Give these another credential first, or archive it by force: they fail from then on.',
            details: { connections, targets },
          },
        );
      await deps.vault.remove(trx, { workspaceId: actor.workspaceId, credentialId: before.id });
      await recordAudit(trx, actor, { action: 'credential.archived', object: objectOf(before), before: auditView(before), after: { users } });
      return (await findNamed(trx, slug)) ?? before;
    }),
  );
}

async function changing(
  { databases }: CredentialDeps,
  actor: Actor,
  slug: string,
  change: (trx: WorkspaceTransaction, before: NamedCredential) => Promise<'credential.updated' | 'credential.rotated' | 'credential.restored'>,
): Promise<Credential> {
  return shown(
    await inWorkspace(databases.app, actor.workspaceId, async (trx) => {
      const before = await credentialFor(trx, actor, { slug, permission: 'credential.edit', lock: 'update' });
      const action = await change(trx, before);
      const after = await namedInUse(trx, slug);
      await recordAudit(trx, actor, { action, object: objectOf(after), before: auditView(before), after: auditView(after) });
      return after;
    }),
  );
}

function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

export function objectOf({ id, slug }: NamedCredential) {
  return { type: 'credential', id, title: slug };
}

/** What people may see, never what it holds. */
function auditView({ title, type, description, fields, facts, hosts, connections, expires_on, remind_days, version }: NamedCredential) {
  return { title, type, description, fields, facts, hosts, connections, expiresOn: expires_on, remindDays: remind_days, version };
}

function stateOf({ archived_at, expires_on, remind_days }: NamedCredential): Credential['state'] {
  if (archived_at !== null) return 'archived';
  if (expires_on === null) return 'active';
  const days = (Date.parse(expires_on) - Date.parse(new Date().toISOString().slice(0, 10))) / 86_400_000;
  if (days < 0) return 'expired';
  return days <= Math.max(0, ...remind_days) ? 'expiring' : 'active';
}

export function shown(row: NamedCredential): Credential {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    type: row.type,
    description: row.description,
    fields: row.fields,
    facts: row.facts,
    hosts: row.hosts,
    connections: row.connections,
    expiresOn: row.expires_on,
    remindDays: row.remind_days,
    state: stateOf(row),
    version: row.version,
    previousUntil: row.previous_until?.toISOString() ?? null,
    usedBy: row.used_by,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    updatedAt: row.updated_at.toISOString(),
    rotatedAt: row.rotated_at?.toISOString() ?? null,
    archivedAt: row.archived_at?.toISOString() ?? null,
  };
}
