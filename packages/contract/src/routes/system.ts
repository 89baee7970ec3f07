import { z } from 'zod';
import { Instant } from '../identifiers.ts';
import { defineRoute } from '../route.ts';

export const live = defineRoute({
  name: 'health.live',
  method: 'GET',
  path: '/health/live',
  tag: 'System',
  access: 'open',
  summary: 'The process answers',
  response: z.object({ status: z.literal('ok') }),
});
export const ping = defineRoute({
  name: 'system.ping',
  method: 'GET',
  path: '/api/ping',
  tag: 'System',
  access: 'signedIn',
  summary: 'Whether the credential of this request is taken; does nothing else',
  response: z.object({ status: z.literal('ok') }),
});
export const ready = defineRoute({
  name: 'health.ready',
  method: 'GET',
  path: '/health/ready',
  tag: 'System',
  access: 'open',
  summary: 'Database, object store and queue answer; 503 when one does not',
  response: z.object({ status: z.enum(['ok', 'degraded']), checks: z.array(z.object({ name: z.string(), ok: z.boolean(), ms: z.number() })) }),
});
export const metrics = defineRoute({
  name: 'health.metrics',
  method: 'GET',
  path: '/health/metrics',
  tag: 'System',
  access: 'system.read',
  summary: 'Prometheus metrics',
  response: z.string(),
  responseType: 'application/octet-stream',
});
export const WorkerInfo = z
  .object({ id: z.string(), host: z.string(), pid: z.number().int(), tags: z.array(z.string()), startedAt: Instant, beatAt: Instant, leases: z.number().int() })
  .meta({ id: 'WorkerInfo' });
export type WorkerInfo = z.infer<typeof WorkerInfo>;
export const listWorkers = defineRoute({
  name: 'worker.list',
  method: 'GET',
  path: '/api/workers',
  tag: 'System',
  access: 'system.read',
  summary: 'List live workers',
  response: z.array(WorkerInfo),
});
