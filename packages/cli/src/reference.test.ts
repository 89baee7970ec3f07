import { readFileSync } from 'node:fs';
import type { Command } from '@commander-js/extra-typings';
import { expect, test } from 'vitest';
import { exitCodes } from './exit-codes.ts';
import { buildProgram, entries } from './program.ts';
import { docsFile, docsText } from './testing/write-docs.ts';

const docs = readFileSync(docsFile, 'utf8');

function leaves(command: Command): Command[] {
  return command.commands.length > 0 ? command.commands.flatMap((child) => leaves(child as Command)) : [command];
}

test('docs/cli.md says what the help says (else run: node packages/cli/src/testing/write-docs.ts)', async () => {
  expect(docs).toBe(await docsText());
});

test('the summaries of the tree are those of the commands behind it', async () => {
  const program = await buildProgram(undefined, true);
  expect(program.commands.map((child) => [child.name(), child.summary()])).toEqual(entries.map(({ name, summary }) => [name, summary]));
});

test('every command has examples that start with it, --json and --url', async () => {
  for (const leaf of leaves(await buildProgram(undefined, true))) {
    let help = '';
    leaf.configureOutput({ writeOut: (text) => (help += text) });
    leaf.outputHelp();
    expect(help).toMatch(/Examples:\n {2}\$ /);
    expect(help).toContain(`tidewheel ${leaf.parent?.name() === 'tidewheel' ? '' : `${leaf.parent?.name()} `}${leaf.name()}`);
    expect(leaf.options.map((option) => option.long)).toEqual(expect.arrayContaining(['--json', '--url']));
  }
});

test('every exit code is explained', () => {
  for (const code of Object.values(exitCodes)) expect(docs).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
});
