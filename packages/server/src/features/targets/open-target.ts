// Opens a host with its credential, and the hosts on the way to it.
import { Conflict } from '@tidewheel/contract/errors';
import type { OpenTarget } from '@tidewheel/kit/define-transport';
import type { AuditActor } from '../../base/audit.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import type { ContactRecorder } from './contact-recorder.ts';
import { mostJumps } from './relations.ts';
import { inUse } from './target-access.ts';
import { openCredential } from './target-credential.ts';
import { auditView, objectOf } from './target-view.ts';
import type { TargetDeps } from './targets.service.ts';
import { findTarget, pinHostKey, type TargetRow } from './targets.store.ts';
import { parseSettings, transportOf } from './transports.ts';

export interface Opened {
  target: OpenTarget;
  release(): void;
}

/** It is over at some time: a step with `retry` asks again. */
class InMaintenance extends Conflict {
  override readonly retryable = true;
}

export function requireInService(row: TargetRow): void {
  if (row.state !== 'maintenance') return;
  const until = row.maintenance_until === null ? 'until somebody ends it' : `until ${row.maintenance_until.toISOString()}`;
  throw new InMaintenance('target.maintenance', `The host "${row.name}" is in maintenance ${until}: ${row.maintenance_reason ?? ''}`, {
    hint: 'Run it again then, or end the maintenance of the host.',
    details: { target: row.name, until: row.maintenance_until?.toISOString() ?? null },
  });
}

export interface Opening {
  runId: string | null;
  /** Tests reach into maintenance; work does not. */
  inMaintenanceToo?: boolean;
  /** Told how the work of a run fares with the host and those on the way. */
  contacts?: ContactRecorder | undefined;
}

/** @throws NotFound, Conflict `target.maintenance`, InvalidInput for settings or a credential that no longer fit */
export async function openTarget(deps: TargetDeps, row: TargetRow, opening: Opening): Promise<Opened> {
  const opened: Opened[] = [];
  const release = () => {
    for (const one of opened) one.release();
  };
  try {
    let via: OpenTarget | null = null;
    // From the outside inwards: the first is reached directly.
    for (const one of (await wayTo(deps, row)).reverse()) {
      if (!opening.inMaintenanceToo) requireInService(one);
      const next = await openAlone(deps, one, { ...opening, via });
      opened.push(next);
      via = next.target;
    }
    return { target: via as OpenTarget, release };
  } catch (thrown) {
    release();
    throw thrown;
  }
}

/** The host, the one it is reached through, and so on. */
async function wayTo(deps: TargetDeps, row: TargetRow): Promise<TargetRow[]> {
  const way = [row];
  for (let next = row.via_id; next !== null; next = way.at(-1)?.via_id ?? null) {
    if (way.length > mostJumps)
      throw new Conflict('target.too_far', `The way to "${row.name}" leads through more than ${mostJumps} hosts.`, {
        hint: 'Name a nearer one as its way in.',
      });
    const id = next;
    way.push(await inWorkspace(deps.databases.app, row.workspace_id, (trx) => inUse(trx, id)));
  }
  return way;
}

async function openAlone(deps: TargetDeps, row: TargetRow, { via, runId, contacts }: Opening & { via: OpenTarget | null }): Promise<Opened> {
  const transport = transportOf(deps.transports, { kind: row.transport, os: row.os });
  const settings = parseSettings(transport, row.settings);
  const { credential, release } = await openCredential(deps, row, { runId });
  const { id, name, os, address } = row;
  return {
    target: {
      id,
      name,
      os,
      address,
      transport: transport.kind,
      settings,
      credential,
      via,
      keepHostKey: (key) => keepHostKey(deps, row, key),
      onContact: contacts && runId !== null ? (outcome) => contacts.note({ workspaceId: row.workspace_id, targetId: id, runId }, outcome) : undefined,
    },
    release,
  };
}

/** Unless somebody has pinned one meanwhile: then that one counts. */
async function keepHostKey({ databases }: TargetDeps, row: TargetRow, hostKey: string): Promise<void> {
  await inWorkspace(databases.app, row.workspace_id, async (trx) => {
    if (!(await pinHostKey(trx, row.id, hostKey))) return;
    const actor: AuditActor = { userId: null, label: 'trust on first use', workspaceId: row.workspace_id, kind: 'system' };
    const after = await findTarget(trx, row.id);
    if (after) await recordAudit(trx, actor, { action: 'target.updated', object: objectOf(row), before: auditView(row), after: auditView(after) });
  });
}
