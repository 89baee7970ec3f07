// How steps make backups of their workspace.

import { passphraseLength } from '@tidewheel/contract/backup';
import { InvalidInput, NotAllowed } from '@tidewheel/contract/errors';
import type { MadeBackup, WantedBackup } from '@tidewheel/kit/backup-desk';
import type { AuditActor } from '../../base/audit.ts';
import type { BackupPort } from '../../engine/ports.ts';
import { namedInUse, purposeOfNamed } from '../../platform/vault/named.store.ts';
import type { Vault } from '../../platform/vault/vault.service.ts';
import { inWorkspace } from '../../storage/database.ts';
import { takeAway } from './keep-backups.service.ts';
import { findBackup, isDecidedOn, olderOfStep } from './kept-backups.store.ts';
import { beginBackup, finishBackup, type MakingDeps } from './make-backup.ts';

export interface BackupPortDeps extends MakingDeps {
  vault: Pick<Vault, 'open'>;
}

interface Asked {
  by: AuditActor;
  wanted: WantedBackup;
  flow: string;
  step: string;
  runId: string;
  signal: AbortSignal;
}

/** Whoever wrote the step held `backup.edit`: that was asked when the flow was saved. */
export function createBackupPort(deps: BackupPortDeps): BackupPort {
  return {
    desk: ({ run, step, startedBy, signal }) => ({
      make(wanted) {
        const by = { userId: null, label: startedBy, workspaceId: run.workspaceId, kind: 'run' } as const;
        return makeBackup(deps, { by, wanted, flow: run.flow, step, runId: run.id, signal });
      },
    }),
  };
}

async function makeBackup(deps: BackupPortDeps, asked: Asked): Promise<MadeBackup> {
  const { by, wanted, flow, step, runId, signal } = asked;
  const { workspaceId } = by;
  if (await inWorkspace(deps.databases.app, workspaceId, (trx) => isDecidedOn(trx, runId)))
    throw new NotAllowed('backup.decided_step', 'A step that the flow decided on itself may make no backup.', {
      hint: 'Write backup.workspace into the flow: whoever saves it needs the permission backup.edit.',
    });
  const secret = wanted.passphraseFrom === null ? null : await openPassphrase(deps, { workspaceId, slug: wanted.passphraseFrom });
  try {
    const { scope, title, place } = wanted;
    const row = await beginBackup(deps, { by, scope, origin: 'flow', title, encrypted: secret !== null, place, step: { flow, step, runId } });
    await finishBackup(deps, { row, passphrase: secret?.passphrase, signal });
    const made = await inWorkspace(deps.databases.app, workspaceId, (trx) => findBackup(trx, row.number));
    const removed = wanted.keep === null ? [] : await keepNewest(deps, { ...asked, keep: wanted.keep });
    const { size, sha256, rows, files } = made ?? {};
    return { backup: row.number, fileName: row.file_name, size: size ?? 0, sha256: sha256 ?? '', rows: rows ?? 0, files: files ?? 0, removed };
  } finally {
    secret?.release();
  }
}

async function keepNewest(deps: BackupPortDeps, { by, flow, step, signal, keep }: Asked & { keep: number }): Promise<number[]> {
  const older = await inWorkspace(deps.databases.app, by.workspaceId, (trx) => olderOfStep(trx, { flow, step, keep }));
  for (const number of older) await takeAway(deps, { by, number, signal });
  return older;
}

/** @throws NotFound, InvalidInput for a credential that may be used elsewhere only, or whose password is no passphrase */
async function openPassphrase(
  { databases, vault }: BackupPortDeps,
  { workspaceId, slug }: { workspaceId: string; slug: string },
): Promise<{ passphrase: string; release(): void }> {
  const named = await inWorkspace(databases.app, workspaceId, (trx) => namedInUse(trx, slug));
  if (named.type !== 'password' || named.hosts.length + named.connections.length > 0)
    throw new InvalidInput('backup.credential', `The credential "${slug}" is no passphrase of backups.`, {
      hint: 'Name one of the type password that is not bound to hosts or connections.',
    });
  const { secret, release } = await vault.open({ workspaceId, credentialId: named.id, purpose: purposeOfNamed(named) });
  const passphrase = String(secret['password'] ?? '');
  if (passphrase.length >= passphraseLength.min) return { passphrase, release };
  release();
  throw new InvalidInput('backup.passphrase_short', `The password of the credential "${slug}" is shorter than ${passphraseLength.min} characters.`, {
    hint: 'Give the credential a longer one.',
  });
}
