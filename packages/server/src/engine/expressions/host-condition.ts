// Conditions on hosts: CEL over `target`, in groups with a query and in steps that find hosts.
import { InvalidInput } from '@tidewheel/contract/errors';
import { compile } from './compile.ts';

/** @throws InvalidInput for a condition that is none, or that asks for what is not there */
export function requireHostCondition(query: string): void {
  const { names } = compile(query);
  const strange = [...names].filter((name) => !['target', 'now', 'today'].includes(name));
  if (strange.length > 0)
    throw new InvalidInput('target.query', `The condition asks for ${strange.join(', ')}, but sees only target, now and today.`, {
      hint: 'For example: target.os == "linux" && "web" in target.tags',
    });
  if (!names.has('target'))
    throw new InvalidInput('target.query', 'The condition says nothing about target.', { hint: 'For example: target.os == "linux" && "web" in target.tags' });
}
