import { InvalidInput } from '@tidewheel/contract/errors';
import { defineStep } from '@tidewheel/kit/define-step';
import { template } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { duration, isComputed, msOf } from './flow-values.ts';

const untilHints = { title: 'Until', description: 'An instant, ISO 8601 with a zone', examples: ['{{ today }}T18:00:00Z'] };

export const flowSleep = defineStep({
  type: 'flow.sleep',
  version: 1,
  ui: { title: 'Sleep', group: 'Flow', icon: 'zzz', summary: '{{for}}{{until}}' },
  description:
    'Waits for a time, or until an instant. No worker is taken meanwhile, however long it is. An instant that has passed ends it at once. The value is `{ until }`.',
  config: z
    .strictObject({
      for: duration('For', 'How long').optional(),
      until: template(untilHints)
        .refine((text) => isComputed(text) || isInstant(text), 'is no instant with a zone: write it like 2026-11-20T18:00:00Z, or compute it between {{ and }}')
        .meta({ ...untilHints, field: 'template' })
        .optional(),
    })
    .refine((config) => (config.for === undefined) !== (config.until === undefined), 'needs either `for` or `until`'),
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  output: z.object({ until: z.string() }),
  examples: [
    { title: 'Half a minute', config: { for: '30s' } },
    { title: 'Until the evening', config: { until: '{{ today }}T18:00:00Z' } },
  ],
  async run(config, ctx) {
    const now = await ctx.clock();
    const until = config.for === undefined ? instantOf(config.until ?? '') : new Date(now.getTime() + msOf('for', config.for));
    if (until.getTime() <= now.getTime()) return { value: { until: until.toISOString() } };
    return { wait: { kind: 'timer', reason: `sleeps until ${until.toISOString()}`, until, data: { until: until.toISOString() } } };
  },
  async resume(_config, _ctx, { data }) {
    return { value: { until: String(data['until']) } };
  },
});

/** Without a zone the instant would depend on where the worker runs. */
function isInstant(text: string): boolean {
  return !Number.isNaN(new Date(text).getTime()) && /T.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(text);
}

function instantOf(text: string): Date {
  if (isInstant(text)) return new Date(text);
  throw new InvalidInput('step.instant', `with.until: "${text.slice(0, 100)}" is no instant with a zone.`, {
    hint: 'Write it like 2026-11-20T18:00:00Z or with +01:00.',
  });
}
