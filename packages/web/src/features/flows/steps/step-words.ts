// A step in words: what it does, and what it waits for.
import { beforeOf, fromIn, isValues, rowsIn, textIn, textsOf, type Values, valuesIn } from '../../../flow-editor/document/read-flow.ts';

/** The summary of a step type with the fields of the configuration in it; '' where none of them is given. */
export function summaryOf(summary: string, config: Values): string {
  let given = 0;
  // Fields side by side are ways to say the same: those that are given stand there, or one gap.
  const text = summary.replaceAll(/\{\{[\s\w.]+\}\}(?:\s*\{\{[\s\w.]+\}\})*/g, (fields) => {
    const texts = fields.match(/[\w.]+/g)?.map((path) => textAt(config, path)) ?? [];
    const found = texts.filter((one) => one !== null);
    given += found.length;
    return found.join(' ') || '…';
  });
  return given > 0 || !summary.includes('{{') ? text : '';
}

function textAt(config: Values, path: string): string | null {
  const value = path.split('.').reduce<unknown>((at, key) => (isValues(at) ? at[key] : undefined), config);
  if (value === undefined || value === '') return null;
  if (typeof value === 'string' || typeof value === 'number') return String(value).split('\n')[0] ?? '';
  return Array.isArray(value) ? textsOf(value).join(', ') || `${value.length}` : '…';
}

const occasions: Record<string, string> = { failure: 'has failed', always: 'has ended, however' };

/** `after copy has failed`, `takes the table of trades`. */
export function waitsFor(values: Values): string {
  const from = [...new Set(fromIn(values))];
  const rows = rowsIn(values);
  const after = textsOf(values['after']).map(branchInWords);
  const on = occasions[textIn(values, 'on') ?? ''];
  const join = values['join'] === undefined || values['join'] === 'all' ? '' : `${String(values['join'])} of `;
  const parts = [
    from.length > 0 && `takes what ${list(from)} gives`,
    rows.length > 0 && `runs for each row of ${list(rows)}`,
    rows.length === 0 && isValues(values['each']) && `runs for each item of ${textIn(valuesIn(values, 'each'), 'over') ?? '…'}`,
    after.length > 0 && `after ${join}${list(after)}${on ? ` ${on}` : ''}`,
    beforeOf(values).length === 0 && (on ? `at the end of the run, when it ${on}` : 'at the start'),
  ];
  return parts.filter(Boolean).join('; ');
}

function branchInWords(name: string): string {
  const [step, branch] = name.split('.');
  return branch === undefined ? (step ?? '') : `${step} (branch ${branch})`;
}
function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
