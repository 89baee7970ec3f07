import { afterAll, beforeAll, expect, it } from 'vitest';
import { captureLog, type Listening, listenFor, someone } from '../http/testing/listening.ts';
import { createReadiness } from './health.ts';
import { createMetrics } from './metrics.ts';
import { systemEndpoints } from './system.routes.ts';

let server: Listening;
const metrics = createMetrics();
const broken = new Set<string>();
const { log, logged } = captureLog();
const check = (name: string) => async () => {
  if (broken.has(name)) throw new RangeError(`no route to secret-host-${name}`);
};
beforeAll(async () => {
  metrics.gauge({ name: 'tidewheel_runs_live', help: 'Runs that have not ended', read: () => 7 });
  metrics.gauge({ name: 'tidewheel_broken', help: 'Fails', read: () => Promise.reject(new RangeError('down')) });
  // A fresh one per call: the cache of a second is not what is tested here.
  const readiness = () =>
    createReadiness({
      checks: { database: check('database'), 'object store': check('objects'), slow: () => (broken.has('slow') ? new Promise(() => {}) : Promise.resolve()) },
      log,
    })();
  const endpoints = systemEndpoints({ readiness, metrics, workers: async () => [] });
  server = await listenFor({
    endpoints,
    onRequestDone: metrics.requestDone,
    authenticate: async () => ({ ...someone, permissions: new Set(['system.read']) }),
  });
});
afterAll(() => server.close());
const get = (path: string) => fetch(server.origin + path);

it('is alive, and ready while every part answers', async () => {
  expect(await (await get('/health/live')).json()).toEqual({ status: 'ok' });
  const ready = await get('/health/ready');
  expect([ready.status, await ready.json()]).toMatchObject([
    200,
    {
      status: 'ok',
      checks: [
        { name: 'database', ok: true },
        { name: 'object store', ok: true },
        { name: 'slow', ok: true },
      ],
    },
  ]);
});

it('says which part is down and keeps the reason for the log', async () => {
  broken.add('objects').add('slow');
  const answer = await get('/health/ready');
  const text = await answer.text();
  expect(answer.status).toBe(503);
  expect(JSON.parse(text)).toMatchObject({ status: 'degraded', checks: [{ ok: true }, { name: 'object store', ok: false }, { name: 'slow', ok: false }] });
  expect(text).not.toContain('secret-host');
  expect(logged()).toContain('secret-host-objects');
  broken.clear();
});

it('measures the process, HTTP and the registered gauges', async () => {
  const text = await (await get('/health/metrics')).text();
  expect(text).toMatch(/tidewheel_http_request_seconds_count\{method="GET",route="\/health\/live",status="200"\} 1/);
  expect(text).toMatch(/tidewheel_runs_live 7/);
  expect(text).toContain('tidewheel_process_resident_memory_bytes');
  expect((await get('/health/metrics')).headers.get('content-type')).toContain('text/plain');
});
