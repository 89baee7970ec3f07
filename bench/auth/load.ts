// Load on one address by autocannon: how long each answer took, as the caller sees it.
import autocannon from 'autocannon';
import { InvalidInput } from '../../packages/contract/src/errors.ts';

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
