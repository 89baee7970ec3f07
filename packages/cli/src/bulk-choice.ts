// What a command does to many objects at once: which ones, and what is told of them.
import type { BulkResult } from '@tidewheel/contract/bulk-result';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Printer } from './output/printer.ts';
import { count, plain } from './output/text.ts';

interface Given<Filter> {
  names: string[];
  /** Empty: asks for nothing. */
  filter: Filter;
  all: boolean;
  /** `hosts`, and a filter such as one gives: `--tag web`. */
  what: string;
  example: string;
}

/** Objects by name, or by filter; for all of them one must say so. @throws InvalidInput */
export function choiceOf<Filter extends object>({ names, filter, all, what, example }: Given<Filter>): { names: string[] } | { filter: Filter } {
  const given = [names.length > 0, Object.keys(filter).length > 0, all].filter(Boolean).length;
  if (given === 1) return names.length > 0 ? { names } : { filter };
  throw new InvalidInput('input.choice', given === 0 ? `Which ${what}?` : 'Names, a filter and --all do not go together', {
    hint: `Name ${what}, or give a filter such as ${example}, or --all.`,
  });
}

/** As the options give it; what is left out asks for nothing. */
export function givenOf<Filter extends object>(filter: Filter): Filter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Filter;
}

export function printBulk(print: Printer, result: BulkResult): void {
  print.result(result, () => {
    for (const name of result.names) print.line(name);
    for (const { name, reason } of result.refused) print.note(`${name} stays as it is: ${plain(reason)}`);
    print.line(`${count(result.changed)} of ${count(result.chosen)} ${result.dryRun ? 'would change' : 'changed'}.`);
  });
}
