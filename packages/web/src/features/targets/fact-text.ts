// Facts of a host as people write them down: one on each line.
import type { TargetFactValues } from '@tidewheel/contract/target';

export function factText(facts: TargetFactValues): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}

/** One `name: value` on each line; numbers, true, false and lists as JSON writes them. */
export function factsFrom(text: string): TargetFactValues {
  const facts: TargetFactValues = {};
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [, name = line.trim(), value = ''] = /^\s*([^:]+?)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    facts[name] = /^(-?(0|[1-9]\d*)(\.\d+)?|true|false|\[.*\])$/.test(value) ? (parsed(value) as TargetFactValues[string]) : value;
  }
  return facts;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
