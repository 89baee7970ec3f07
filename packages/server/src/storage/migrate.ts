// Numbered plain-SQL migrations, forward only, each in its own transaction, under one advisory lock.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Conflict } from '@tidewheel/contract/errors';
import type pg from 'pg';

const folder = path.join(import.meta.dirname, 'migrations');
const lockKey = 7_283_640_001;

interface Migration {
  name: string;
  sql: string;
  hash: string;
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z_]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(folder, name), 'utf8');
      return { name, sql, hash: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** What a database is at once it is prepared: the name of the newest migration of this version. */
export async function newestMigration(): Promise<string> {
  return (await readMigrations()).at(-1)?.name ?? '';
}

/** Applies what is missing. @returns the names applied now. @throws Conflict when an applied migration was edited afterwards or is unknown to this version. */
export async function migrate(owner: pg.ClientBase): Promise<string[]> {
  await owner.query('select pg_advisory_lock($1)', [lockKey]);
  try {
    await owner.query('create table if not exists migration (name text primary key, hash text not null, applied_at timestamptz not null default now())');
    const migrations = await readMigrations();
    const { rows } = await owner.query<{ name: string; hash: string }>('select name, hash from migration');
    refuseSurprises(migrations, rows);
    const done = new Set(rows.map((row) => row.name));
    const missing = migrations.filter((migration) => !done.has(migration.name));
    for (const migration of missing) await apply(owner, migration);
    return missing.map((migration) => migration.name);
  } finally {
    await owner.query('select pg_advisory_unlock($1)', [lockKey]);
  }
}

function refuseSurprises(known: Migration[], applied: { name: string; hash: string }[]): void {
  const byName = new Map(known.map((migration) => [migration.name, migration]));
  for (const { name, hash } of applied) {
    const here = byName.get(name);
    if (!here)
      throw new Conflict('migration.newer', `The database has the migration ${name}, which this version does not know.`, {
        hint: 'Start the newer version that made it, or restore a backup from before.',
      });
    if (here.hash !== hash)
      throw new Conflict('migration.changed', `The migration ${name} was changed after it had been applied.`, {
        hint: 'Put its old text back and add a new migration instead.',
      });
  }
}

async function apply(owner: pg.ClientBase, migration: Migration): Promise<void> {
  await owner.query('begin');
  try {
    await owner.query(migration.sql);
    await owner.query('insert into migration (name, hash) values ($1, $2)', [migration.name, migration.hash]);
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}
