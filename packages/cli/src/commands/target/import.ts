import { Option } from '@commander-js/extra-typings';
import { importTargets } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { ImportResult } from '@tidewheel/contract/routes/target-operations';
import { command, contextOf, gather } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import type { Context } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { readText } from '../../input.ts';
import { count, plain } from '../../output/text.ts';

export function targetImport() {
  return command('import', {
    summary: 'Add and change hosts from CSV or an Ansible inventory',
    description: 'Shows what it would do; with --write it does it. Exits with 1 when a line has a fault.',
    examples: [
      ['tidewheel target import hosts.csv', 'how the columns are taken, what is new, what is wrong'],
      ['tidewheel target import hosts.csv --column "Server name=name" --write', 'with a column told by hand'],
      ['tidewheel target import inventory.ini --credential ops --write', 'an Ansible inventory'],
    ],
  })
    .argument('<file>', 'a file, or - for stdin')
    .addOption(
      new Option('--format <format>', 'csv, or an Ansible inventory (INI or YAML); by the ending of the file when omitted').choices([
        'csv',
        'ansible',
      ] as const),
    )
    .option('--column <heading=field>', 'what a column is taken as: name, address, os, settings.port, facts.rack …; empty leaves it out', gather)
    .addOption(new Option('--os <system>', 'of new hosts that do not say').choices(['linux', 'windows'] as const))
    .option('--transport <kind>', 'of new hosts that do not say')
    .option('--credential <name>', 'of new hosts that do not say')
    .option('--tag <tag>', 'of new hosts that do not say; may be given several times', gather)
    .option('--keep', 'leave hosts that are there alone')
    .option('--skip-faults', 'import the other lines')
    .option('--write', 'really do it')
    .action(async (file, options) => {
      const context = contextOf(options);
      const { os, transport, credential, tag, keep, skipFaults, write } = options;
      const body = {
        format: options.format ?? (/\.(csv|tsv)$/i.test(file) ? ('csv' as const) : ('ansible' as const)),
        text: await readText(file),
        defaults: { os, transport, credential, tags: tag },
        existing: keep ? ('keep' as const) : ('update' as const),
        onFaults: skipFaults ? ('skip' as const) : ('stop' as const),
        ...(options.column ? { columns: columnsFrom(options.column) } : {}),
      };
      const client = await context.client();
      const result = await client.call(importTargets, { body: { ...body, dryRun: !write } });
      tellImport(context, result);
      if (result.faultCount > 0) throw new CommandFailed(exitCodes.failed);
    });
}

function columnsFrom(pairs: string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=');
      if (at < 1) throw new InvalidInput('input.pair', `"${pair}" is not of the form heading=field`, { hint: 'For example "Server name=name".' });
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function tellImport({ print }: Context, result: ImportResult): void {
  print.result(result, () => {
    for (const { column, field } of result.columns) print.line(`  ${plain(column)}: ${field ?? 'left out'}`);
    for (const { name, what, changes } of result.hosts)
      if (what !== 'unchanged') print.line(`${what} ${name}${changes.length > 0 ? `: ${changes.join(', ')}` : ''}`);
    for (const note of result.notes) print.note(plain(note));
    for (const { line, message, hint } of result.faults) print.line(`line ${line}: ${plain(message)}${hint ? ` ${plain(hint)}` : ''}`);
    if (result.newGroups.length > 0) print.line(`New groups: ${result.newGroups.join(', ')}`);
    const would = result.dryRun ? 'would be ' : '';
    print.line(
      `${count(result.created)} ${would}created, ${count(result.updated)} ${would}changed, ${count(result.unchanged)} stay, ${count(result.faultCount)} faults.`,
    );
    if (result.dryRun && result.faultCount === 0) print.note('Nothing is written yet: add --write.');
  });
}
