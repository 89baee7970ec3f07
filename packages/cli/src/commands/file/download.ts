import { downloadFile } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { size } from '../../output/text.ts';
import { fileNameOf, refuseExisting, saveDownload } from '../../save-download.ts';

export function fileDownload() {
  return command('download', {
    summary: 'Download an uploaded file and verify its SHA-256',
    examples: [
      ['tidewheel file download venues', 'under the name it was uploaded with'],
      ['tidewheel file download venues --output -', 'to stdout'],
    ],
  })
    .argument('<file>', 'name of the file')
    .option('-o, --output <path>', 'file to write to; - for stdout')
    .option('--force', 'replace an existing file')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const overwrite = options.force === true;
      if (options.output !== undefined) await refuseExisting(options.output, overwrite);
      const response = await client.download(downloadFile, { params: { slug } }, { signal: context.interrupted });
      const target = options.output ?? fileNameOf(response, slug);
      await refuseExisting(target, overwrite);
      const saved = await saveDownload({ response, target, overwrite, signal: context.interrupted, isQuiet: context.print.isJson });
      if (target !== '-') context.print.result(saved, () => context.print.line(`${saved.path}  ${size(saved.size)}  sha256 ${saved.sha256} verified`));
    });
}
