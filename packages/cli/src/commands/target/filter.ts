// The options that say which hosts, shared by the commands that list, export, test and change many.
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { TargetChoice, TargetFilter } from '@tidewheel/contract/target';
import { choiceOf, givenOf } from '../../bulk-choice.ts';
import type { command } from '../../command.ts';

/** A command with the options that narrow hosts. */
export function withHostFilters<C extends ReturnType<typeof command>>(made: C) {
  return made
    .addOption(new Option('--os <system>', 'only hosts with this operating system').choices(['linux', 'windows'] as const))
    .option('--tag <tag>', 'only hosts with this tag')
    .option('--group <group>', 'only hosts in this group')
    .option('--category <path>', 'only hosts of this category and those below it')
    .option('--search <text>', 'only hosts with this text in name, title, address or description')
    .addOption(new Option('--not-seen <days>', 'only hosts that were not reached for so many days, or never').argParser(daysNotSeen))
    .addOption(new Option('--state <state>', 'only hosts in this state').choices(['ok', 'failed', 'unknown', 'maintenance', 'archived'] as const));
}

function daysNotSeen(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) > 3_650) throw new InvalidArgumentError('It must be a whole number of days, at most 3650.');
  return Number(text);
}

type FilterOptions = Omit<TargetFilter, 'notSeenDays'> & { notSeen?: number | undefined };

/** As the options give it; what is left out asks for nothing. */
export function filterFrom({ os, tag, group, category, search, state, notSeen }: FilterOptions): TargetFilter {
  return givenOf({ os, tag, group, category, search, state, notSeenDays: notSeen });
}

/** Hosts by name, or by filter; for all of them one must say so. @throws InvalidInput */
export function choiceFrom(names: string[], options: FilterOptions & { all?: true | undefined }): TargetChoice {
  return choiceOf({ names, filter: filterFrom(options), all: options.all === true, what: 'hosts', example: '--tag web' });
}
