import { Readable } from 'node:stream';
import { listWorkers, live, metrics as metricsRoute, ping, ready } from '@tidewheel/contract/routes/system';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { Readiness } from './health.ts';
import type { Metrics } from './metrics.ts';
import type { Worker } from './system.store.ts';

export interface SystemParts {
  readiness(): Promise<Readiness>;
  metrics: Metrics;
  workers(): Promise<Worker[]>;
}

export function systemEndpoints({ readiness, metrics, workers }: SystemParts): Endpoint[] {
  return [
    endpoint(live, async () => ({ status: 'ok' as const })),
    endpoint(ping, async () => ({ status: 'ok' as const })),
    endpoint(ready, async ({ call }) => {
      const answer = await readiness();
      if (answer.status !== 'ok') call.setStatus(503);
      return answer;
    }),
    endpoint(metricsRoute, async ({ actor }) => {
      requirePermission(actor, 'system.read');
      return { stream: Readable.from([await metrics.text()], { objectMode: false }), mediaType: metrics.contentType };
    }),
    endpoint(listWorkers, async ({ actor }) => showWorkers(actor, workers)),
  ];
}

async function showWorkers(actor: Actor, workers: () => Promise<Worker[]>): Promise<Worker[]> {
  requirePermission(actor, 'system.read');
  return workers();
}
