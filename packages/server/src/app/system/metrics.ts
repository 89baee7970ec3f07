// Prometheus metrics: of the process, of HTTP, and whatever gauges the other parts register here.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestDone } from '../http/request-log.ts';

export interface Metrics {
  /** Give it to createHttp as onRequestDone. */
  requestDone(done: RequestDone): void;
  /** A gauge whose value is asked for at each scrape; `read` that fails leaves the gauge out of that scrape. */
  gauge(options: { name: string; help: string; read(): number | Promise<number> }): void;
  counter(options: { name: string; help: string }): { add(amount?: number): void };
  text(): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'tidewheel_' });
  const requests = new Histogram({
    name: 'tidewheel_http_request_seconds',
    help: 'Time from request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    requestDone: ({ method, route, status, seconds }) => requests.observe({ method, route, status: String(status) }, seconds),
    gauge({ name, help, read }) {
      new Gauge({
        name,
        help,
        registers: [registry],
        async collect() {
          try {
            this.set(await read());
          } catch {
            // A scrape must show the rest also when one source is down; readiness tells of it.
            this.reset();
          }
        },
      });
    },
    counter({ name, help }) {
      const counter = new Counter({ name, help, registers: [registry] });
      return { add: (amount = 1) => counter.inc(amount) };
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
