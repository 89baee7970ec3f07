// Ansible's way to write many hosts as one: web[01:50].example.com, db-[a:f], node[1:9:2].
import { InvalidInput } from '@tidewheel/contract/errors';
import { mostTargetsAtOnce } from '@tidewheel/contract/routes/target-operations';

const rangeForm = /\[(\d+|[a-zA-Z]):(\d+|[a-zA-Z])(?::(\d+))?\]/;

/** Every host of the pattern. @throws InvalidInput for a range that is none, or too large */
export function expandRange(pattern: string): string[] {
  const found = rangeForm.exec(pattern);
  if (!found) {
    if (/[[\]]/.test(pattern))
      throw new InvalidInput('target.range', `"${pattern.slice(0, 100)}" has a range that cannot be read.`, { hint: 'Write it as web[01:50].' });
    return [pattern];
  }
  const [whole, from = '', to = '', step = '1'] = found;
  const before = pattern.slice(0, found.index);
  const rest = pattern.slice(found.index + whole.length);
  const parts = valuesOf({ from, to, step: Number(step), pattern });
  const ends = expandRange(rest);
  if (parts.length * ends.length > mostTargetsAtOnce)
    throw new InvalidInput('target.range', `"${pattern.slice(0, 100)}" stands for more than ${mostTargetsAtOnce.toLocaleString('en')} hosts.`, {});
  return parts.flatMap((part) => ends.map((end) => before + part + end));
}

function valuesOf({ from, to, step, pattern }: { from: string; to: string; step: number; pattern: string }): string[] {
  const areNumbers = /^\d/.test(from) && /^\d/.test(to);
  const areLetters = /^[a-z]$/i.test(from) && /^[a-z]$/i.test(to);
  const [first, last] = areNumbers ? [Number(from), Number(to)] : [from.charCodeAt(0), to.charCodeAt(0)];
  if (!(areNumbers || areLetters) || first > last || step < 1)
    throw new InvalidInput('target.range', `"${pattern.slice(0, 100)}" has a range that leads nowhere.`, {
      hint: 'It goes from the smaller to the larger: [01:50], [a:f].',
    });
  if ((last - first) / step >= mostTargetsAtOnce)
    throw new InvalidInput('target.range', `"${pattern.slice(0, 100)}" stands for more than ${mostTargetsAtOnce.toLocaleString('en')} hosts.`, {});
  const values: string[] = [];
  // A zero before the first number gives all of them its width.
  const width = /^0\d/.test(from) ? from.length : 0;
  for (let at = first; at <= last; at += step) values.push(areNumbers ? String(at).padStart(width, '0') : String.fromCharCode(at));
  return values;
}
