import { group } from '../../command.ts';
import { backfillCancel } from './cancel.ts';
import { backfillList } from './list.ts';
import { backfillShow } from './show.ts';
import { backfillStart } from './start.ts';

export function backfill() {
  const commands = group('backfill', { summary: 'Run a flow for every date of a range' });
  for (const child of [backfillStart(), backfillList(), backfillShow(), backfillCancel()]) commands.addCommand(child);
  return commands;
}
