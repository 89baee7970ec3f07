// The only SQL of the desk's rules and of the order of its sheet.
import { type ColorRuleSet, defaultColorOrder } from '@tidewheel/contract/color-rule';
import type { WorkspaceTransaction } from '../../../storage/database.ts';

/** The active rules, those of a kind in the order in which they are asked. */
export async function findRuleSet(trx: WorkspaceTransaction): Promise<ColorRuleSet> {
  const settings = await trx.selectFrom('color_settings').select('ranking').executeTakeFirst();
  const rules = await trx
    .selectFrom('color_rule')
    .select(['id', 'kind', 'title', 'condition', 'color', 'revision'])
    .where('archived_at', 'is', null)
    .where('active', '=', true)
    .orderBy('kind', 'desc')
    .orderBy('priority')
    .orderBy('id')
    .execute();
  return { rules, order: settings?.ranking ?? defaultColorOrder };
}
