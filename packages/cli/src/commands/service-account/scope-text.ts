// A scope on the command line: `flow.run,run.read` or `flow.run@flow=load-*,flow=daily`.
import type { Rule } from '@tidewheel/contract/access';
import { InvalidInput } from '@tidewheel/contract/errors';

/** One rule for each text; what the server does not know it says itself. @throws InvalidInput */
export function scopeOf(texts: readonly string[] | undefined): Rule[] | null {
  return texts === undefined ? null : texts.map(ruleOf);
}

function ruleOf(text: string): Rule {
  const [names = '', conditions, ...more] = text.split('@');
  if (names === '' || more.length > 0) throw wrong(text);
  const permissions = names.split(',').map((name) => name.trim()) as Rule['permissions'];
  return { effect: 'allow', permissions, ...(conditions === undefined ? {} : { where: whereOf(text, conditions) }) };
}

function whereOf(text: string, conditions: string): Record<string, string[]> {
  const where: Record<string, string[]> = {};
  for (const condition of conditions.split(',')) {
    const [attribute = '', value = ''] = condition.split('=', 2).map((part) => part.trim());
    if (attribute === '' || value === '') throw wrong(text);
    where[attribute] = [...(where[attribute] ?? []), value];
  }
  return where;
}

/** As `--scope` takes it. */
export function scopeText(rules: readonly Rule[]): string {
  const conditions = ({ where = {} }: Rule) => Object.entries(where).flatMap(([attribute, values = []]) => values.map((value) => `${attribute}=${value}`));
  return rules.map((rule) => [rule.permissions.join(','), conditions(rule).join(',')].filter(Boolean).join('@')).join(' ');
}

function wrong(text: string): InvalidInput {
  return new InvalidInput('cli.scope', `"${text}" is not a scope`, {
    hint: 'Give permissions, and after an @ on which objects: flow.run,run.read@flow=load-*',
  });
}
