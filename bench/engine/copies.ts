// Many rows like one that the engine wrote, by SQL: what a year of work leaves in the tables, without the year.
import pg from 'pg';
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';

/** Copies a run so many times, with its rows in these tables, under fresh ids. */
export async function copyRun({ address }: EngineSite, { run, times, tables }: { run: string; times: number; tables: string[] }): Promise<void> {
  const client = new pg.Client({ connectionString: address.ownerUrl });
  await client.connect();
  try {
    await client.query('create temp table copied (id uuid, n int)');
    // Older than anything that will be started, as ids of an earlier time are.
    await client.query(`insert into copied select ('00000000' || substr(md5(n::text), 9))::uuid, n from generate_series(1, $1::int) n`, [times]);
    // No trigger and no foreign key: the copies are as whole as what they are copies of.
    await client.query('set session_replication_role = replica');
    await copyTable(client, { table: 'run', run, id: 'id', more: { number: '-n' } });
    for (const table of tables) await copyTable(client, { table, run, id: 'run_id', more: { id: `('00000000' || substr(md5('row ' || n), 9))::uuid` } });
    for (const table of ['run', ...tables]) await client.query(`vacuum analyze ${table}`);
  } finally {
    await client.end();
  }
}

async function copyTable(client: pg.Client, { table, run, id, more }: { table: string; run: string; id: string; more: Record<string, string> }): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  );
  const values = rows.map(({ name }) => (name === id ? 'copied.id' : (more[name] ?? `original.${name}`)));
  await client.query(
    `insert into ${table} (${rows.map(({ name }) => name).join(', ')}) select ${values.join(', ')} from copied, ${table} original where original.${id} = $1`,
    [run],
  );
}
