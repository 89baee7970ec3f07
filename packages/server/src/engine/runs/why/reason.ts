// How a reason is written down: one sentence, since when, and who or what can change it.
import type { Permission } from '@tidewheel/contract/route';
import type { WhyCode, WhyReason } from '@tidewheel/contract/routes/run-why';
import type { WhyFacts } from './facts.ts';

interface Given {
  code: WhyCode;
  text: string;
  since: Date | null;
  until?: Date | null;
  by?: string | null;
  /** Who or what can change it; a permission where a person can. */
  change?: string | [text: string, permission: Permission, you?: boolean] | null;
  figures?: WhyReason['figures'];
}

export function reasonOf({ may }: Pick<WhyFacts, 'may'>, { code, text, since, until = null, by = null, change = null, figures = {} }: Given): WhyReason {
  return {
    code,
    text,
    since: since?.toISOString() ?? null,
    until: until?.toISOString() ?? null,
    by,
    change: changeOf(change, may),
    figures,
  };
}

function changeOf(change: NonNullable<Given['change']> | null, may: WhyFacts['may']): WhyReason['change'] {
  if (change === null) return null;
  if (typeof change === 'string') return { text: change, permission: null, you: null };
  const [text, permission, you = may(permission)] = change;
  return { text, permission, you };
}

const mostNamed = 5;

/** `a, b and c`, cut after some. */
export function named(names: readonly string[], word = 'and'): string {
  const shown = names.length > mostNamed ? [...names.slice(0, mostNamed), `${names.length - mostNamed} more`] : [...names];
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} ${word} ${last}`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
