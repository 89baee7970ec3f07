import { showSchedule } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { paint } from '../../output/terminal.ts';
import { instant } from '../../output/text.ts';
import { failWithFaults, readSource } from '../flow/source-file.ts';
import { applyDocument, documentOf, documentsIn } from './document.ts';
import { scheduleArgument } from './print-schedule.ts';

export function scheduleApply() {
  return command('apply', {
    summary: 'Create schedules, or change those with these names',
    description: "A document's `schedule` names it. Whoever applies it is its owner: its runs start in his name. A file may hold several, divided by `---`.",
    examples: [
      ['tidewheel schedule apply evening.yaml', 'create or change it; what it says nothing of is as by default'],
      ['tidewheel schedule export evening | tidewheel schedule apply - --workspace test', 'into another workspace'],
    ],
  })
    .argument('<files...>', 'YAML files, or - for stdin')
    .action(async (fileNames, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const results = [];
      for (const fileName of fileNames) {
        const file = await readSource(fileName);
        for (const document of documentsIn(file.source, file.name)) {
          const { schedule, outcome } = await applyDocument(client, document).catch((thrown: unknown) => failWithFaults(context.print, file, thrown));
          results.push({ schedule: schedule.slug, outcome, nextAt: schedule.nextAt });
          if (!context.print.isJson)
            context.print.line(`${paint('green', '✓')} ${schedule.slug}: ${outcome}${schedule.nextAt ? `, next ${instant(schedule.nextAt)}` : ''}`);
        }
      }
      if (context.print.isJson) context.print.result(results, () => undefined);
    });
}

export function scheduleExport() {
  return command('export', {
    summary: 'Write a schedule as YAML',
    examples: [['tidewheel schedule export mifir-evening > evening.yaml', '`schedule apply` takes it back']],
  })
    .argument('<schedule>', scheduleArgument)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const schedule = await (await context.client()).call(showSchedule, { params: { slug } });
      context.print.result(schedule, () => context.print.line(documentOf(schedule).trimEnd()));
    });
}
