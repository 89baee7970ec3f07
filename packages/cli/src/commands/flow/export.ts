import { Option } from '@commander-js/extra-typings';
import { exportFlows } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { size } from '../../output/text.ts';
import { refuseExisting, saveDownload } from '../../save-download.ts';

export function flowExport() {
  return command('export', {
    summary: 'Write flows as one YAML text',
    description: 'The newest versions as they were written, divided by `---`; `flow import` takes them back.',
    examples: [
      ['tidewheel flow export > flows.yaml', 'all that you may see'],
      ['tidewheel flow export flight-delays mifir-daily -o two.yaml', 'these two'],
      ['tidewheel flow export --folder finance -o finance.yaml', 'those of a folder and below it'],
    ],
  })
    .argument('[flows...]', 'names; all unless given')
    .option('--folder <path>', 'only those in this folder and below it')
    .addOption(new Option('--kind <kind>', 'only this kind').choices(['pipeline', 'report', 'job', 'color'] as const))
    .option('-o, --output <file>', 'file to write to; - for stdout', '-')
    .option('--force', 'replace an existing file')
    .action(async (flows, { folder, kind, output, ...options }) => {
      const context = contextOf(options);
      const overwrite = options.force === true;
      await refuseExisting(output, overwrite);
      const query = { folder, kind, ...(flows.length > 0 ? { flows: flows.join(',') } : {}) };
      const response = await (await context.client()).download(exportFlows, { query }, { signal: context.interrupted });
      const saved = await saveDownload({ response, target: output, overwrite, signal: context.interrupted, isQuiet: context.print.isJson });
      if (output !== '-') context.print.result(saved, () => context.print.line(`${saved.path}  ${size(saved.size)}`));
    });
}
