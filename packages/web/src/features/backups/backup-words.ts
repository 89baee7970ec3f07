import type { Backup } from '@tidewheel/contract/backup';

export const scopeWords: Readonly<Record<Backup['scope'], string>> = { desk: 'Color desk', workspace: 'Whole workspace' };
export const originWords: Readonly<Record<Backup['origin'], string>> = {
  hand: 'by hand',
  flow: 'by a flow',
  restore: 'before a restore',
  upload: 'uploaded',
};

/** Its state as the badges know it. */
export function badgeOf({ state, damage }: Pick<Backup, 'state' | 'damage'>): { state: string; label: string } {
  if (state === 'making') return { state: 'running', label: 'Being made' };
  if (damage !== null) return { state: 'failed', label: 'Damaged' };
  return state === 'ready' ? { state: 'ok', label: 'Ready' } : { state: 'failed', label: 'Failed' };
}

/** What a backup of either kind leaves out. */
export const leftOutWords: Readonly<Record<Backup['scope'], string>> = {
  workspace: 'runs of other flows than the desk’s with their logs and artifacts, the audit trail, people and their roles',
  desk: 'other flows and their runs, connections, calendars, the audit trail',
};
