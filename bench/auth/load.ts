// Load on one address by autocannon: how long each answer took, as the caller sees it.
import { createRequire } from 'node:module';
import { InvalidInput } from '../../packages/contract/src/errors.ts';

interface Run extends PromiseLike<{ errors: number; timeouts: number; non2xx: number; requests: { average: number } }> {
  on(event: 'response', told: (client: unknown, status: number, bytes: number, ms: number) => void): void;
}
type Autocannon = (options: { url: string; connections: number; duration: number; headers: Record<string, string> }) => Run;
// It has no types of its own.
const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon;

export interface Load {
  p50: number;
  p95: number;
  perSecond: number;
}

/** @throws InvalidInput when any answer was not a success: what is measured then is something else */
export async function load({
  url,
  headers,
  connections,
  seconds,
}: {
  url: string;
  headers: Record<string, string>;
  connections: number;
  seconds: number;
}): Promise<Load> {
  const times: number[] = [];
  const run = autocannon({ url, connections, duration: seconds, headers });
  run.on('response', (_client, _status, _bytes, ms) => times.push(ms));
  const result = await run;
  if (result.non2xx + result.errors + result.timeouts > 0)
    throw new InvalidInput('bench.load', `${url}: ${result.non2xx} refused, ${result.errors} failed, ${result.timeouts} late`);
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.floor(times.length * part)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), perSecond: result.requests.average };
}
