import { InvalidInput } from '@tidewheel/contract/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../base/ids.ts';
import { type FreshDatabase, freshDatabase } from '../testing/database.ts';
import { readPage, type Sort } from './keyset.ts';

const byTitle: Sort = {
  name: 'title',
  keys: [
    { column: 'title', type: 'text', direction: 'asc' },
    { column: 'id', type: 'uuid', direction: 'asc' },
  ],
};
const newest: Sort = {
  name: '-updatedAt',
  keys: [
    { column: 'updated_at', type: 'timestamptz', direction: 'desc' },
    { column: 'id', type: 'uuid', direction: 'asc' },
  ],
};

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
  const rows = Array.from({ length: 25 }, (_, index) => ({
    workspace_id: fresh.workspaceId,
    id: newId(),
    slug: `f${index}`,
    title: `T${index % 5}`,
    kind: 'pipeline' as const,
    description: null,
    newest_version: 1,
    step_count: 1,
  }));
  // One statement: all rows share one instant, with its microseconds.
  await fresh.databases.engine.insertInto('flow').values(rows).execute();
});
afterAll(() => fresh.drop());

const page = (sort: Sort, cursor?: string) => {
  const db = fresh.databases.engine;
  return readPage({ db, query: db.selectFrom('flow').select(['id', 'title']), sort, page: { cursor, limit: 7 } });
};

describe('readPage', () => {
  it.each([byTitle, newest])('walks through all rows once, in order, by $name', async (sort) => {
    const seen: { id: string; title: string }[] = [];
    let cursor: string | undefined;
    do {
      const { items, next, total, totalCapped } = await page(sort, cursor);
      expect({ total, totalCapped }).toEqual({ total: 25, totalCapped: false });
      seen.push(...items);
      cursor = next ?? undefined;
    } while (cursor);
    expect(new Set(seen.map((row) => row.id)).size).toBe(25);
    expect(seen).toHaveLength(25);
    expect(Object.keys(seen[0] ?? {})).toEqual(['id', 'title']);
    if (sort === byTitle) expect(seen.map((row) => row.title)).toEqual(seen.map((row) => row.title).sort());
  });

  it('does not shift when a row comes in front', async () => {
    const first = await page(byTitle);
    await fresh.databases.engine
      .insertInto('flow')
      .values({ workspace_id: fresh.workspaceId, id: newId(), slug: 'early', title: 'A', kind: 'job', description: null, newest_version: 1, step_count: 1 })
      .execute();
    const second = await page(byTitle, first.next ?? '');
    expect(second.items.filter((row) => first.items.some((earlier) => earlier.id === row.id))).toEqual([]);
    await fresh.databases.engine.deleteFrom('flow').where('slug', '=', 'early').execute();
  });

  it.each([
    ['rubbish', 'x!!'],
    ['JSON that is no cursor', Buffer.from('{"a":1}').toString('base64url')],
    ['another sort', Buffer.from('["-updatedAt","2026-01-01","x"]').toString('base64url')],
    ['a wrong id', Buffer.from('["title","T1","not-a-uuid"]').toString('base64url')],
    ['a null byte', Buffer.from(JSON.stringify(['title', '\u0000', newId()])).toString('base64url')],
  ])('refuses %s', async (_name, cursor) => {
    await expect(page(byTitle, cursor)).rejects.toBeInstanceOf(InvalidInput);
  });
});
