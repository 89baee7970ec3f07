// Tests many hosts and hears of each as it is done.
import type { RouteInput } from '@tidewheel/contract/route';
import type { testTargets as route, TargetTested } from '@tidewheel/contract/routes/target-operations';
import type { Client } from './client.ts';
import { eventsOf } from './event-stream.ts';
import { testTargets } from './routes.ts';

export interface TestHandlers {
  /** How many there are. */
  onBegin?: (targets: number) => void;
  onTested: (tested: TargetTested) => void;
}

/** @returns how many of them work; null when the stream broke off before all were done. @throws AppError */
export async function testManyTargets(
  client: Client,
  body: RouteInput<typeof route>['body'],
  { onBegin, onTested, signal }: TestHandlers & { signal?: AbortSignal },
): Promise<{ targets: number; ok: number } | null> {
  const response = await client.download(testTargets, { body }, signal ? { signal } : {});
  for await (const { event, data } of eventsOf(response)) {
    if (event === 'begin') onBegin?.((JSON.parse(data) as { targets: number }).targets);
    if (event === 'tested') onTested(JSON.parse(data) as TargetTested);
    if (event === 'end') return JSON.parse(data) as { targets: number; ok: number };
  }
  return null;
}
