// What the steps of this folder share: durations and instants as people write them.
import { InvalidInput } from '@tidewheel/contract/errors';
import { durationMs } from '@tidewheel/contract/flow-document';
import { template } from '@tidewheel/kit/fields';
import type { StepContext } from '@tidewheel/kit/step-context';

const durationText = /^(?:\d+(?:ms|s|m|h|d))+$/;

/** A template; what is not computed is known to be right when the flow is saved. */
export function duration(title: string, description: string) {
  const hints = { title, description, examples: ['30s', '15m', '8h', '2d'] };
  return template(hints)
    .refine((text) => isComputed(text) || durationText.test(text), 'is no duration: write it like 30s, 10m, 1h30m or 2d')
    .meta({ ...hints, field: 'template' });
}

export function isComputed(text: string): boolean {
  return text.includes('{{');
}

/** @throws InvalidInput */
export function msOf(field: string, text: string): number {
  if (durationText.test(text)) return durationMs(text);
  throw new InvalidInput('step.duration', `with.${field}: "${text.slice(0, 100)}" is no duration.`, { hint: 'Write it like 30s, 10m, 1h30m or 2d.' });
}

/** The end of a wait that must not last for ever: so long from now. */
export async function untilAfter(ctx: Pick<StepContext, 'clock'>, { field, text }: { field: string; text: string | undefined }): Promise<Date | undefined> {
  if (text === undefined) return undefined;
  const ms = msOf(field, text);
  return new Date((await ctx.clock()).getTime() + ms);
}
