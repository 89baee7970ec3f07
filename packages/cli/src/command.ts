// How a command is declared: commander with our common options, examples in its help, and one place where errors end.
import { Command, Help, Option } from '@commander-js/extra-typings';
import type { CommonOptions, Context } from './context.ts';
import { makeContext } from './context.ts';

export interface CommandText {
  summary: string;
  /** Shown in the help after the summary. */
  description?: string;
  /** Command lines that work, each with what it does. */
  examples: [line: string, what: string][];
}

const commonOptions = 'Common options:';

/** A command's own options come first in its help. */
const commonLast: Help['groupItems'] = (all, visible, groupOf) => {
  const groups = new Help().groupItems(all, visible, groupOf);
  return new Map([...groups].sort(([a], [b]) => Number(a === commonOptions) - Number(b === commonOptions)));
};

/** A command with --json, --url and --workspace. Its action gets its options with these added. */
export function command(name: string, text: CommandText) {
  return new Command(name)
    .summary(text.summary)
    .description(text.description ? `${text.summary}.\n\n${text.description}` : `${text.summary}.`)
    .configureHelp({ groupItems: commonLast })
    .addOption(new Option('--json', 'print JSON on stdout, and nothing else there').helpGroup(commonOptions))
    .addOption(new Option('--url <address>', 'the server to talk to (default: the one you last signed in to, or TIDEWHEEL_URL)').helpGroup(commonOptions))
    .addOption(new Option('--workspace <slug>', 'the workspace to work in (default: that of `workspace use`, or TIDEWHEEL_WORKSPACE)').helpGroup(commonOptions))
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError(false)
    .addHelpText('after', () => examplesText(text.examples));
}

export function group(name: string, text: { summary: string }): Command {
  return new Command(name).summary(text.summary).description(`${text.summary}.`).helpOption('-h, --help', 'show this help').helpCommand(false);
}

function examplesText(examples: CommandText['examples']): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  return `\nExamples:\n${examples.map(([line, what]) => `  $ ${line.padEnd(Math.min(width, 60))}  # ${what}`).join('\n')}`;
}

/** Context for an action from its options. */
export function contextOf(options: CommonOptions): Context {
  return makeContext(options);
}

/** For options that may be given several times. */
export function gather(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}
