// Completion of names while a template or an expression is written.
import { createContext } from 'react';

export interface OfferedName {
  name: string;
  /** What it stands for, in a few words. */
  title: string;
}

/** What the fields of a form may name; null: nothing is completed. */
export const OfferedNames = createContext<readonly OfferedName[] | null>(null);

const most = 50;

/** The beginning of a name at the caret; null where none can stand: in a template that is outside of `{{ }}`. */
export function typedAt(text: string, { caret, isExpression }: { caret: number; isExpression: boolean }): { from: number; typed: string } | null {
  const before = text.slice(0, caret);
  const open = before.lastIndexOf('{{');
  if (!isExpression && (open < 0 || before.indexOf('}}', open) >= 0)) return null;
  const typed = /[A-Za-z_][\w.]*$/.exec(isExpression ? before : before.slice(open + 2))?.[0] ?? '';
  return { from: caret - typed.length, typed };
}

/** Those that begin with it, then those that hold it. */
export function matching(names: readonly OfferedName[], typed: string): OfferedName[] {
  const sought = typed.toLowerCase();
  const begins = names.filter(({ name }) => name.toLowerCase().startsWith(sought) && name !== typed);
  const holds =
    sought === '' ? [] : names.filter((one) => !begins.includes(one) && `${one.name} ${one.title}`.toLowerCase().includes(sought) && one.name !== typed);
  return [...begins, ...holds].slice(0, most);
}

/** The text with the name in it, closed by braces where they were missing, and the caret behind it. */
export function completed(text: string, { caret, from, name, isExpression }: { caret: number; from: number; name: string; isExpression: boolean }) {
  const after = text.slice(caret);
  const isOpen = !isExpression && !/^[^{]*\}\}/.test(after);
  const gap = !isExpression && text.slice(0, from).endsWith('{{') ? ' ' : '';
  const head = `${text.slice(0, from)}${gap}${name}`;
  return { text: `${head}${isOpen ? ' }}' : ''}${after}`, caret: head.length };
}
