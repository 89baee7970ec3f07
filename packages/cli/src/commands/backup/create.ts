import { Option } from '@commander-js/extra-typings';
import { createBackup, downloadBackup } from '@tidewheel/client/routes';
import { backupScopes } from '@tidewheel/contract/backup';
import { command, contextOf } from '../../command.ts';
import { size } from '../../output/text.ts';
import { refuseExisting, saveDownload } from '../../save-download.ts';
import { passphraseFlag, passphraseHelp, passphraseOf, untilReady } from './backup-options.ts';

export function backupCreate() {
  return command('create', {
    summary: 'Make a backup of the workspace or of its color desk, and wait until it is ready',
    description:
      'In one of a workspace is what people set up, and the color desk with the ended runs of its flows. Runs of other flows, the audit trail, people and their roles are in none.',
    examples: [
      ['tidewheel backup create', 'of the whole workspace, kept by the server'],
      ['tidewheel backup create --scope desk --connection vault-bucket --folder desk', 'of the desk, into a bucket'],
      ['tidewheel backup create --passphrase @passphrase.txt --output before.tidewheel-backup', 'encrypted, and its file here too'],
    ],
  })
    .addOption(new Option('--scope <what>', 'desk: the color desk with its flows and their ended runs').choices(backupScopes).default('workspace' as const))
    .option('--title <text>', 'what the list shows')
    .option(passphraseFlag, `encrypt it: ${passphraseHelp}`)
    .option('--connection <name>', 'put its file there: a folder, SFTP or FTP server or bucket')
    .option('--folder <path>', 'with --connection: the folder there')
    .option('-o, --output <path>', 'download its file too; - for stdout')
    .option('--force', 'replace an existing file')
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const overwrite = options.force === true;
      if (options.output !== undefined) await refuseExisting(options.output, overwrite);
      const { scope, title, connection, folder, output } = options;
      const place = connection === undefined ? {} : { place: { connection, path: folder ?? '' } };
      const body = { scope, ...(title === undefined ? {} : { title }), ...place, ...(await passphraseOf(options)) };
      const made = await untilReady(context, await client.call(createBackup, { body }, { signal: context.interrupted }));
      if (output !== undefined) {
        const response = await client.download(downloadBackup, { params: { backup: made.number } }, { signal: context.interrupted });
        await saveDownload({ response, target: output, overwrite, signal: context.interrupted, isQuiet: context.print.isJson });
      }
      if (output !== '-')
        context.print.result(made, () =>
          context.print.line(`Backup ${made.number}  ${size(made.size ?? 0)}  ${made.rows} rows, ${made.files} files  sha256 ${made.sha256}`),
        );
    });
}
