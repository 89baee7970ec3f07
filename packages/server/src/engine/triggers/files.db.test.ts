// File triggers on a real folder and database: each version of a file starts one run, whoever looks and whenever he dies.
import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { definePollingTrigger } from '@tidewheel/kit/define-trigger';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '../../base/ids.ts';
import { lookOnce } from './look.ts';
import { startTriggerBench, type TriggerBench } from './testing/trigger-bench.ts';
import { claimDue } from './trigger-looks.store.ts';
import { testTrigger } from './trigger-test.service.ts';
import { createTrigger, showTrigger } from './triggers.service.ts';

let bench: TriggerBench;
let flow: string;
beforeAll(async () => {
  bench = await startTriggerBench();
  flow = await bench.apply({
    parameters: { path: { type: 'string' } },
    steps: {
      event: { use: 'trigger.event' },
      read: { use: 'file.read', after: 'event', each: { over: 'steps.event.value.files' }, with: { connection: 'inbox', path: '{{ item.path }}' } },
    },
  });
});
afterAll(() => bench.close());

let count = 0;
async function place(): Promise<{ at: string; put(name: string, content?: string): Promise<void>; file(name: string): string }> {
  const at = `in-${++count}`;
  await mkdir(path.join(bench.folder, at));
  const file = (name: string) => path.join(bench.folder, at, name);
  return { at, file, put: (name, content = name) => writeFile(file(name), content) };
}
const parameters = { path: 'event.file.path' };
const watching = (at: string, config: object = {}) =>
  bench.make({ kind: 'file', flow, parameters, config: { connection: 'inbox', path: at, pattern: '*.csv', stableSeconds: 0, existing: 'fires', ...config } });
const titles = async (slug: string) => (await bench.history(slug)).map(({ title }) => title);

describe('a file that comes', () => {
  test('starts one run, which can read it; what was there before and what does not fit starts none', async () => {
    const { at, put } = await place();
    await put('old.csv');
    const slug = await watching(at, { existing: 'ignored' });
    await bench.lookNow(slug);
    await put('new.csv', 'a,b\n1,2\n');
    await put('new.txt');
    await put('.hidden.csv');
    for (let times = 0; times < 3; times++) await bench.lookNow(slug);
    const [event, ...others] = await bench.history(slug);
    expect(others).toEqual([]);
    expect(event).toMatchObject({ state: 'fired', title: `${at}/new.csv`, times: 1, event: { count: 1, file: { name: 'new.csv', size: 8 } } });
    const run = await bench.ended(event?.run?.id ?? '');
    expect(run).toMatchObject({ state: 'succeeded', parameters: { path: `${at}/new.csv` }, startedBy: 'test', origin: { kind: 'trigger', slug } });
  });

  test('fires again when it is another one of that name, or does not where that is set', async () => {
    const { at, put, file } = await place();
    const [again, once] = [await watching(at), await watching(at, { sameName: 'ignored' })];
    await put('x.csv', 'one');
    for (const slug of [again, once]) await bench.lookNow(slug);
    await put('x.csv', 'two!');
    for (const slug of [again, once]) await bench.lookNow(slug);
    await rm(file('x.csv'));
    for (const slug of [again, once]) await bench.lookNow(slug);
    expect([(await titles(again)).length, (await titles(once)).length]).toEqual([2, 1]);
  });

  test('that is renamed or touched fires anew by its name, and not where it is known by its content', async () => {
    const { at, put, file } = await place();
    const [byName, byContent] = [await watching(at), await watching(at, { byContent: true })];
    await put('a.csv', 'the same');
    for (const slug of [byName, byContent]) await bench.lookNow(slug);
    await rename(file('a.csv'), file('b.csv'));
    for (const slug of [byName, byContent]) await bench.lookNow(slug);
    await utimes(file('b.csv'), new Date(), new Date(Date.now() + 5_000));
    for (const slug of [byName, byContent]) await bench.lookNow(slug);
    expect(await titles(byName)).toHaveLength(3);
    expect(await bench.history(byContent)).toMatchObject([{ title: `${at}/a.csv`, event: { file: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } } }]);
  });

  test('waits until it is stable, or until its marker is there, and says so', async () => {
    const { at, put } = await place();
    const [stable, marked] = [await watching(at, { stableSeconds: 3_600 }), await watching(at, { marker: '.done' })];
    await put('x.csv', 'half');
    for (const slug of [stable, marked, stable]) await bench.lookNow(slug);
    expect(await titles(stable)).toEqual([]);
    expect(await showTrigger(bench.deps, bench.actor, stable)).toMatchObject({ health: 'healthy', note: expect.stringContaining('3600 s are asked for') });
    expect(await testTrigger(bench.deps, bench.actor, { slug: marked, signal: new AbortController().signal })).toMatchObject({
      ok: true,
      lines: [{ title: `${at}/x.csv`, detail: `${at}/x.csv.done is not there yet` }],
    });
    await put('x.csv.done');
    await bench.lookNow(marked);
    expect(await titles(marked)).toEqual([`${at}/x.csv`]);
    // As if the hour had passed.
    await bench.databases.enginePool.query(`update trigger_item set since = since - interval '2 hours' where key = $1`, [`${at}/x.csv`]);
    await bench.lookNow(stable);
    expect(await titles(stable)).toEqual([`${at}/x.csv`]);
  });

  test('comes with others as a batch', async () => {
    const { at, put } = await place();
    const slug = await watching(at, { fires: 'batch', batchFiles: 2 });
    for (const name of ['a.csv', 'b.csv', 'c.csv']) await put(name);
    await bench.lookNow(slug);
    expect((await showTrigger(bench.deps, bench.actor, slug)).nextLookAt).not.toBeNull();
    await bench.lookNow(slug);
    expect(await bench.history(slug)).toMatchObject([{ event: { count: 2 } }, { event: { count: 1 } }]);
  });
});

describe('exactly once', () => {
  test('of two that look at once one starts the runs', async () => {
    const { at, put } = await place();
    const slug = await watching(at);
    for (let name = 0; name < 20; name++) await put(`${name}.csv`);
    const { id } = await showTrigger(bench.deps, bench.actor, slug);
    const pool = bench.databases.enginePool;
    await pool.query('update flow_trigger set next_look_at = null where id <> $1', [id]);
    const [one, other] = [newId(), newId()];
    expect(await claimDue(pool, { token: one, most: 10 })).toEqual([id]);
    expect(await claimDue(pool, { token: other, most: 10 })).toEqual([]);
    // The first is stopped, its lease ends, and both go on.
    await pool.query(`update flow_trigger set lease_until = now() - interval '1 second' where id = $1`, [id]);
    expect(await claimDue(pool, { token: other, most: 10 })).toEqual([id]);
    const { signal } = new AbortController();
    await Promise.all([one, other].map((token) => lookOnce(bench.deps, { trigger: id, token, signal })));
    expect(await titles(slug)).toHaveLength(20);
    const { rows } = await pool.query('select count(*)::int as runs from run where origin_id = $1', [id]);
    expect(rows).toEqual([{ runs: 20 }]);
  });
});

describe('bad input', () => {
  test('a folder that vanishes is a failure that is told once, and over when it is back', async () => {
    const { at, put } = await place();
    const slug = await watching(at);
    await rm(path.join(bench.folder, at), { recursive: true });
    for (let times = 0; times < 4; times++) await bench.lookNow(slug);
    expect(await showTrigger(bench.deps, bench.actor, slug)).toMatchObject({ health: 'failing', failing: { times: 4, error: { code: 'file.missing' } } });
    const { rows } = await bench.databases.enginePool.query(`select kind, object_id from notification_event where kind = 'trigger.failing'`);
    expect(rows).toEqual([{ kind: 'trigger.failing', object_id: slug }]);
    await mkdir(path.join(bench.folder, at));
    await put('x.csv');
    await bench.lookNow(slug);
    expect(await showTrigger(bench.deps, bench.actor, slug)).toMatchObject({ health: 'healthy', failing: null });
    expect(await titles(slug)).toHaveLength(1);
  });

  test('while the flow is off nothing is taken; it is all found when it is on again', async () => {
    const { at, put } = await place();
    const slug = await watching(at);
    const flip = (off: boolean) =>
      bench.databases.enginePool.query(
        `update flow set off_at = case when $2::boolean then now() end, off_by = case when $2 then 'x' end, off_reason = case when $2 then 'y' end where slug = $1`,
        [flow, off],
      );
    await flip(true);
    await put('x.csv');
    await bench.lookNow(slug);
    expect(await showTrigger(bench.deps, bench.actor, slug)).toMatchObject({ failing: { error: { code: 'flow.off' } } });
    await flip(false);
    await bench.lookNow(slug);
    expect(await bench.history(slug)).toMatchObject([{ state: 'fired' }]);
  });

  test('a condition that is false or fails is in the history, and starts nothing', async () => {
    const { at, put } = await place();
    const [unmet, faulty] = [await watching(at), await watching(at)];
    await bench.databases.enginePool.query(
      `update flow_trigger set condition = case slug when $1 then 'event.file.size > 100' else 'event.nothing == 1' end where slug in ($1, $2)`,
      [unmet, faulty],
    );
    await put('x.csv');
    for (const slug of [unmet, faulty]) await bench.lookNow(slug);
    expect(await bench.history(unmet)).toMatchObject([{ state: 'unmet', run: null }]);
    expect(await bench.history(faulty)).toMatchObject([{ state: 'refused', reason: expect.stringContaining('could not be evaluated'), run: null }]);
  });

  test('settings are held against the flow, the kind and the connections, all faults at once', async () => {
    const made = bench.make({ kind: 'file', flow, parameters: { pth: 'event.file.path' }, condition: 'evnt.x', config: { connection: 'nowhere', path: 'in' } });
    await expect(made).rejects.toMatchObject({
      code: 'trigger.invalid',
      details: {
        faults: [
          { path: 'parameters.pth', message: expect.stringContaining('did you mean "path"?') },
          { path: 'parameters.path', message: expect.stringContaining('is missing') },
          { path: 'condition', message: expect.stringContaining('evnt') },
          { path: 'config.connection', message: 'there is no connection "nowhere"' },
        ],
      },
    });
  });
});

test.each(['true', 'false'])('what one look finds twice, as two copies of a mail, is one event when its condition is %s', async (condition) => {
  const once = { key: `mail ${condition}`, title: 'Twice' };
  const item = { key: once.key, version: '', since: new Date(), done: true };
  const event = z.object({ file: z.object({ path: z.string() }) });
  const kind = definePollingTrigger({
    ...{ kind: 'mail', title: 'Twice', icon: 'mail', description: 'For tests.', config: z.object({}), event, examples: [] },
    everySeconds: () => 60,
    look: async () => ({ findings: [once, once].map((found) => ({ ...found, event: { file: { path: 'x' } } })), items: [item, item] }),
    test: async () => ({ ok: true, summary: '', lines: [] }),
  });
  const deps = { ...bench.deps, kinds: [kind] };
  const slug = `twice-${condition}`;
  await createTrigger(deps, bench.actor, { slug, title: slug, kind: 'mail', flow, config: {}, parameters, condition, paused: false });
  const token = newId();
  for (const trigger of await claimDue(bench.databases.enginePool, { token, most: 100 }))
    await lookOnce(deps, { trigger, token, signal: new AbortController().signal });
  expect(await showTrigger(deps, bench.actor, slug)).toMatchObject({ health: 'healthy', failing: null });
  expect(await titles(slug)).toEqual(['Twice']);
});
