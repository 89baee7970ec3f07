// Postgres refuses to run as root: then an unprivileged user of the machine runs it. A plain user runs it himself.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Conflict } from '@tidewheel/contract/errors';

export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

/** In this order: one made for us, Debian's, and the one that every Unix has. */
const candidates = ['tidewheel', 'postgres', 'nobody'];

function readUsers(): ServerUser[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }));
}

/** null: we are a plain user and run Postgres ourselves. `ownerUid`: who owns an existing data folder; he stays its user. @throws Conflict when root finds nobody to run it */
export function findServerUser(ownerUid?: number): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  const users = readUsers();
  const owner = ownerUid ? users.find((user) => user.uid === ownerUid) : undefined;
  const found = owner ?? candidates.map((name) => users.find((user) => user.name === name)).find((user) => user !== undefined && user.uid !== 0);
  if (found) return found;
  throw new Conflict('postgres.no_user', 'Postgres does not run as root, and this machine has none of the users tidewheel, postgres and nobody.', {
    hint: 'Make one (useradd --system tidewheel), or start Tidewheel as a plain user.',
  });
}

/** Whether that user can reach and read a folder: asked of the kernel, because modes alone do not tell (ACLs, mounts). */
export function canReach(user: ServerUser | null, folder: string): boolean {
  if (!user) return true;
  const probe = spawnSync('/bin/sh', ['-c', 'test -r "$1" && test -x "$1"', 'probe', folder], { uid: user.uid, gid: user.gid, stdio: 'ignore', cwd: '/' });
  return probe.status === 0;
}

export function asUser(user: ServerUser | null): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}
