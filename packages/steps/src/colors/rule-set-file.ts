// The rules that a ranking went by travel with its table, so that what keeps the rows keeps their reasons too.
import { ColorRuleSet } from '@tidewheel/contract/color-rule';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import type { StepContext, StepInput } from '@tidewheel/kit/step-context';

const fileName = 'color-rules.json';

export function keepRuleSet(ctx: StepContext, rules: ColorRuleSet): Promise<FileRef> {
  return ctx.files.put({ name: fileName, mediaType: 'application/json' }, Buffer.from(JSON.stringify(rules)));
}

/** @throws InvalidInput when the table was not ranked */
export async function ruleSetOf(ctx: StepContext, input: StepInput): Promise<ColorRuleSet> {
  const file = input.files.find(({ name }) => name === fileName);
  if (!file)
    throw new InvalidInput('color.not_ranked', `${input.step} did not rank its rows.`, {
      hint: 'Take `from` a color.rank step: it gives every row its place.',
    });
  const chunks: Uint8Array[] = [];
  for await (const chunk of ctx.files.read(file)) chunks.push(chunk);
  return ColorRuleSet.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
}
