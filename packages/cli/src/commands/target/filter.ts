// The options that say which hosts, shared by the commands that list, export, test and change many.
import { Option } from '@commander-js/extra-typings';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { TargetChoice, TargetFilter } from '@tidewheel/contract/target';

export const filterHelp = {
  os: () => new Option('--os <system>', 'only hosts with this operating system').choices(['linux', 'windows'] as const),
  tag: ['--tag <tag>', 'only hosts with this tag'],
  group: ['--group <group>', 'only hosts in this group'],
  category: ['--category <path>', 'only hosts of this category and those below it'],
  search: ['--search <text>', 'only hosts with this text in name, title, address or description'],
  state: () => new Option('--state <state>', 'only hosts in this state').choices(['ok', 'failed', 'unknown', 'maintenance', 'archived'] as const),
} as const;

/** As the options give it; what is left out asks for nothing. */
export function filterFrom({ os, tag, group, category, search, state }: TargetFilter): TargetFilter {
  return Object.fromEntries(Object.entries({ os, tag, group, category, search, state }).filter(([, value]) => value !== undefined));
}

/** Hosts by name, or by filter; for all of them one must say so. @throws InvalidInput */
export function choiceFrom(names: string[], options: TargetFilter & { all?: true | undefined }): TargetChoice {
  const filter = filterFrom(options);
  const given = [names.length > 0, Object.keys(filter).length > 0, options.all === true].filter(Boolean).length;
  if (given === 1) return names.length > 0 ? { names } : { filter };
  throw new InvalidInput('input.choice', given === 0 ? 'Which hosts?' : 'Names, a filter and --all do not go together', {
    hint: 'Name hosts, or give a filter such as --tag web, or --all.',
  });
}
