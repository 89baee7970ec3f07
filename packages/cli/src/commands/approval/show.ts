import { showApproval } from '@tidewheel/client/routes';
import type { Approval } from '@tidewheel/contract/routes/approvals';
import { command, contextOf } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';
import { instant, plain, size } from '../../output/text.ts';

export function approvalShow() {
  return command('show', {
    summary: 'Show what is to be approved: the run, its parameters, what came before, the hash, the decisions so far',
    examples: [['tidewheel approval show 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b', 'by its id in the list']],
  })
    .argument('<approval>', 'id of the approval')
    .action(async (id, options) => {
      const context = contextOf(options);
      const shown = await (await context.client()).call(showApproval, { params: { id } });
      context.print.result(shown, () => printApproval(context.print, shown));
    });
}

export function printApproval(print: Printer, one: Approval): void {
  print.line(plain(one.title));
  if (one.description) print.line(plain(one.description));
  print.line();
  print.facts([
    ['State', one.outcome ?? 'open'],
    ['Run', `${one.flow} ${one.runNumber}, step ${one.step}`],
    ['Started by', one.startedBy],
    ['Asked', one.approvers.join(', ')],
    ['Approved', `${one.approved} of ${one.quorum}`],
    ['Opened', instant(one.openedAt)],
    ['Expires', one.until ? instant(one.until) : null],
    ['Parameters', Object.keys(one.parameters).length === 0 ? null : JSON.stringify(one.parameters)],
    ['Hash', one.hash],
  ]);
  for (const step of one.before) printStep(print, step);
  for (const field of one.form)
    print.line(
      `Form: ${field.name} (${field.type}${field.required ? ', required' : ''}): ${plain(field.title)}${field.choices ? `: ${field.choices.join(', ')}` : ''}`,
    );
  for (const vote of one.votes)
    print.line(
      `${instant(vote.at)} ${vote.by}${vote.onBehalfOf ? ` for ${vote.onBehalfOf}` : ''}: ${vote.decision}${vote.comment ? `: ${plain(vote.comment)}` : ''}`,
    );
  if (one.outcome !== null) return;
  print.line(
    one.deciders.length === 0
      ? 'Nobody can decide.'
      : `Who can decide: ${one.deciders.map((who) => (who.onBehalfOf ? `${who.email} for ${who.onBehalfOf}` : who.email)).join(', ')}`,
  );
  print.note(one.you.can ? `Decide with: tidewheel approval approve ${one.id} --hash ${one.hash.slice(0, 12)}` : (one.you.why ?? ''));
}

function printStep(print: Printer, { step, state, value, table, files }: Approval['before'][number]): void {
  print.line(`${step}: ${state}${table ? `, ${table.rows} rows` : ''}${value === null ? '' : `, ${plain(JSON.stringify(value)).slice(0, 500)}`}`);
  for (const file of files)
    print.line(`  ${plain(file.name)} (${size(file.size)}) sha256 ${file.sha256}${file.artifact ? `  tidewheel artifact download ${file.artifact}` : ''}`);
}
