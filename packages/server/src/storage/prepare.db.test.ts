import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyDatabase } from '../testing/database.ts';
import { type DatabaseAddress, openDatabases } from './database.ts';
import { prepareDatabase } from './prepare.ts';

let empty: Awaited<ReturnType<typeof emptyDatabase>>;
beforeEach(async () => {
  empty = await emptyDatabase();
});
afterEach(() => empty.drop());

async function asOwner(address: DatabaseAddress, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: address.ownerUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** The same database for another owner. */
function changed(address: DatabaseAddress, change: (url: URL) => void): DatabaseAddress {
  const url = new URL(address.ownerUrl);
  change(url);
  return { ...address, ownerUrl: url.toString() };
}

test('four starters at once: each migration is applied once, and all name the same workspace', async () => {
  const prepared = await Promise.all([1, 2, 3, 4].map(() => prepareDatabase(empty.address)));
  const applied = prepared.flatMap((each) => each.applied);
  expect(applied.length).toBeGreaterThan(3);
  expect(new Set(applied).size).toBe(applied.length);
  expect(new Set(prepared.map((each) => each.workspaceId)).size).toBe(1);
  const databases = openDatabases(empty.address, { size: 1, name: 'test' });
  expect(await databases.engine.selectFrom('workspace').select('slug').execute()).toEqual([{ slug: 'main' }]);
  await databases.close();
});

test('a migration that was edited after it had been applied is refused by name', async () => {
  await prepareDatabase(empty.address);
  await asOwner(empty.address, `update migration set hash = 'other' where name = '0002_flow.sql'`);
  await expect(prepareDatabase(empty.address)).rejects.toMatchObject({ code: 'migration.changed', message: expect.stringContaining('0002_flow.sql') });
});

test('a database of a newer version is refused', async () => {
  await prepareDatabase(empty.address);
  await asOwner(empty.address, `insert into migration (name, hash) values ('9999_future.sql', 'x')`);
  await expect(prepareDatabase(empty.address)).rejects.toMatchObject({ code: 'migration.newer', message: expect.stringContaining('9999_future.sql') });
});

test('a wrong master key is refused before it changes the passwords of the roles', async () => {
  await prepareDatabase(empty.address);
  await expect(prepareDatabase({ ...empty.address, masterKey: randomBytes(32) })).rejects.toMatchObject({ status: 409 });
  const databases = openDatabases(empty.address, { size: 1, name: 'test' });
  expect(await databases.engine.selectFrom('workspace').select('slug').execute()).toHaveLength(1);
  await databases.close();
});

test('an owner who may create roles but is no superuser is enough', async () => {
  const name = `owner_${randomBytes(4).toString('hex')}`;
  await asOwner(empty.address, `create role ${name} login createrole password 'secret'; alter schema public owner to ${name}`);
  await asOwner(
    empty.address,
    `do $$ begin execute format('grant create on database %I to ${name} with grant option', current_database()); execute format('grant connect on database %I to ${name} with grant option', current_database()); end $$`,
  );
  // The roles exist already in this cluster, made by its superuser: he hands them over, as PostgreSQL 16 and later ask.
  await asOwner(empty.address, `grant tidewheel_app, tidewheel_engine, tidewheel_search to ${name} with admin option`);
  const address = changed(empty.address, (url) => {
    url.username = name;
    url.password = 'secret';
  });
  expect((await prepareDatabase(address)).applied.length).toBeGreaterThan(3);
  expect((await prepareDatabase(address)).applied).toEqual([]);
  await asOwner(empty.address, `reassign owned by ${name} to tidewheel; drop owned by ${name}; drop role ${name}`);
});

test('an owner without CREATEROLE is told which right he lacks', async () => {
  const name = `poor_${randomBytes(4).toString('hex')}`;
  await asOwner(empty.address, `create role ${name} login password 'secret'`);
  const address = changed(empty.address, (url) => {
    url.username = name;
    url.password = 'secret';
  });
  await expect(prepareDatabase(address)).rejects.toMatchObject({
    code: 'database.rights',
    message: expect.stringMatching(/CREATEROLE and CREATE on the schema public/),
  });
  await asOwner(empty.address, `drop role ${name}`);
});

test('a wrong password, a missing database, a closed port and a text that is no address each say so', async () => {
  const wrong = changed(empty.address, (url) => {
    url.password = 'wrong';
  });
  await expect(prepareDatabase(wrong)).rejects.toMatchObject({ code: 'database.refused' });
  const missing = changed(empty.address, (url) => {
    url.pathname = '/nowhere';
  });
  await expect(prepareDatabase(missing)).rejects.toMatchObject({ code: 'database.missing' });
  await expect(prepareDatabase({ ...empty.address, ownerUrl: 'postgres://a:b@127.0.0.1:1/x' })).rejects.toMatchObject({
    code: 'database.unreachable',
    message: expect.not.stringContaining('b@'),
  });
  await expect(prepareDatabase({ ...empty.address, ownerUrl: 'mysql://a:b@127.0.0.1/x' })).rejects.toMatchObject({ code: 'database.url' });
});

test('more connections than Postgres allows are refused at the start, not under load', async () => {
  await expect(prepareDatabase(empty.address, { connections: 5_000 })).rejects.toMatchObject({ code: 'database.connections' });
});
