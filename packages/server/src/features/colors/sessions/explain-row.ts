// Why a row of a session is where it is: by the rules and the order it was ranked by last, and by what people did to it.
import { byHand, type SessionRow, type SessionRowWhy } from '@tidewheel/contract/color-session';
import { NotFound } from '@tidewheel/contract/errors';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { type Databases, inWorkspace } from '../../../storage/database.ts';
import { explainRow, type PlacedRow } from '../processing/row-reasons.ts';
import { seenSession } from './session-access.ts';
import { findNeighbours, findRowsById, shownRow } from './session-rows.store.ts';
import { findRowChanges, type SessionRecord } from './sessions.store.ts';

/** @throws NotFound */
export function explainSessionRow(
  { databases }: { databases: Databases },
  actor: Actor,
  { id, row: wanted }: { id: string; row: string },
): Promise<SessionRowWhy> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const session = await seenSession(trx, actor, id);
    const [found] = await findRowsById(trx, { session: id, ids: [wanted] });
    if (!found) throw new NotFound('color_session.no_row', 'There is no such row in the session.', { hint: 'When it is processed look at the processing.' });
    const { parent, above } = await findNeighbours(trx, { session: id, family: found.family });
    const row = shownRow(found);
    const shown = (one: typeof found | undefined) => one && shownRow(one);
    const reasons = reasonsOf(row, { session, parent: shown(parent), above: shown(above) });
    const changes = (await findRowChanges(trx, { session: id, row: wanted })).map(({ number, kind, of_entry, by_label, at, is_undone, before, after }) => ({
      ...{ number, kind, ofEntry: of_entry, by: by_label, at: at.toISOString(), isUndone: is_undone, before, after },
    }));
    return { row, reasons, changes };
  });
}

interface Surroundings {
  session: SessionRecord;
  parent: SessionRow | undefined;
  above: SessionRow | undefined;
}

function reasonsOf(row: SessionRow, { session, parent, above }: Surroundings): SessionRowWhy['reasons'] {
  if (row.removed) return [{ what: 'removed', rule: null, text: 'A person removed it: it is not processed, and goes when the session is.' }];
  const ruleSet = session.rule_set;
  return explainRow({ row: placed(row), parent: parent && placed(parent), above: above && placed(above), ruleSet });
}

/** As a processing has it: what a person decided stands where a rule would. */
function placed(row: SessionRow): PlacedRow {
  const { cusip, isin, date, rank, px, child, position } = row;
  const excludedBy = row.excluded ? (row.excludedBy ?? byHand) : null;
  return { cusip, isin, date, rank, px, child, line: position ?? 0, excludedBy, colorBy: row.colorBy ?? (row.color === null ? null : byHand) };
}
