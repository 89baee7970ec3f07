// Writes the command reference of docs/cli.md from the real help: `node packages/cli/src/testing/write-docs.ts`. reference.test.ts says when it is due.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from '@commander-js/extra-typings';
import { buildProgram } from '../program.ts';

export const docsFile = new URL('../../../../docs/cli.md', import.meta.url);
const mark = '<!-- Below: written by packages/cli/src/testing/write-docs.ts from the help itself. -->';

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ getOutHelpWidth: () => 100, getOutHasColors: () => false, writeOut: (part) => (text += part) });
  command.outputHelp();
  return text.trimEnd();
}

function sections(command: Command, path: string): string[] {
  const own = `### \`${path}\`\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``;
  return command.commands.length > 0 ? command.commands.flatMap((child) => sections(child as Command, `${path} ${child.name()}`)) : [own];
}

/** The text that docs/cli.md should have: what stands above the mark, and the reference below it. */
export async function docsText(): Promise<string> {
  const [head = ''] = readFileSync(docsFile, 'utf8').split(mark);
  const program = await buildProgram(undefined, true);
  const reference = program.commands.flatMap((child) => sections(child as Command, `tidewheel ${child.name()}`));
  return `${head}${mark}\n\n## Every command\n\n${reference.join('\n\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(docsFile, await docsText());
