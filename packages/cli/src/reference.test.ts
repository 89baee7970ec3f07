import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { expect, test } from 'vitest';
import { exitCodes } from './exit-codes.ts';
import { buildProgram, entries } from './program.ts';
import { docsFile, docsText } from './testing/write-docs.ts';

const docs = readFileSync(docsFile, 'utf8');

function leaves(command: Command): Command[] {
  return command.commands.length > 0 ? command.commands.flatMap((child) => leaves(child as Command)) : [command];
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent as Command)} ${command.name()}` : command.name();
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
    expect(help).toContain(pathOf(leaf));
    expect(leaf.options.map((option) => option.long)).toEqual(expect.arrayContaining(['--json', '--url']));
  }
});

test('every exit code is explained', () => {
  for (const code of Object.values(exitCodes)) expect(docs).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
});

const root = path.resolve(import.meta.dirname, '../../..');

test('every command that a hint, a page or a guide names is there', async () => {
  const program = await buildProgram(undefined, true);
  const files = execFileSync('git', ['ls-files', 'packages/*/src', 'docs/*.md', '*.md', '.env.example'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const wrong = files
    .filter((file) => /\.(md|tsx?|example)$/.test(file) && !file.includes('.test.'))
    .flatMap((file) => {
      // In backticks or as a line of a shell: in prose `tidewheel` is the product.
      const text = readFileSync(path.join(root, file), 'utf8');
      const named = [...text.matchAll(/(?:`|\$ |^(?:npx )?)tidewheel ((?:[a-z][a-z-]*[ `\n|])+)/gm)].map(([, words = '']) =>
        words.split(/[ `\n|]/).filter(Boolean),
      );
      return named.filter((words) => !isCommand(program as unknown as Command, words)).map((words) => `${file}: tidewheel ${words.join(' ')}`);
    });
  expect(wrong).toEqual([]);
  expect(isCommand(program as unknown as Command, ['security', 'egress'])).toBe(false);
});

/** Words after a command are its arguments; a group alone is named as the group. */
function isCommand(within: Command, [word, ...rest]: string[]): boolean {
  if (within.commands.length === 0 || word === undefined) return true;
  const found = within.commands.find((one) => one.name() === word || one.aliases().includes(word));
  return found !== undefined && isCommand(found as Command, rest);
}
