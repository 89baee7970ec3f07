// Whether what we keep travels in clear: a Postgres on another machine without TLS is read by everybody on the way.
import { sql } from 'kysely';
import type { Databases } from './database.ts';

/** As the connection itself says, not as the address asks for it. Sockets and this machine's own addresses need no encryption. */
export async function travelsInClear({ engine }: Databases, ownerUrl: string): Promise<boolean> {
  const host = new URL(ownerUrl).hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '' || host === 'localhost' || host === '::1' || host.startsWith('127.') || host.startsWith('%2F')) return false;
  const { rows } = await sql<{ ssl: boolean }>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(engine);
  return rows[0]?.ssl !== true;
}
