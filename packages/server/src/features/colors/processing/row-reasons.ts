// Why a row is where it is. Pure: from the row, its neighbours and the rules it went by.
import { type ColorField, colorFields } from '@tidewheel/contract/color';
import { type ColorRuleSet, colorOrderFields } from '@tidewheel/contract/color-rule';
import { byHand } from '@tidewheel/contract/color-session';
import type { ProcessedColor, ProcessedColorWhy } from '@tidewheel/contract/routes/color-processings';

type Reason = ProcessedColorWhy['reasons'][number];
export type PlacedRow = Pick<ProcessedColor, 'line' | 'cusip' | 'isin' | 'date' | 'rank' | 'px' | 'child' | 'excludedBy' | 'colorBy'>;
interface Explained {
  row: PlacedRow;
  above: PlacedRow | undefined;
  parent: PlacedRow | undefined;
  ruleSet: ColorRuleSet;
}

export function explainRow({ row, above, parent, ruleSet }: Explained): Reason[] {
  if (row.excludedBy !== null) return [byRule('excluded', row.excludedBy, ruleSet)];
  return [...placed({ row, above, parent, ruleSet }), coloured(row, ruleSet)];
}

function byRule(what: 'excluded' | 'color', id: string, { rules }: ColorRuleSet): Reason {
  if (id === byHand) return { what, rule: null, text: `${what === 'excluded' ? 'Excluded' : 'Coloured'} by a person, in a session.` };
  const place = rules.filter(({ kind }) => kind === (what === 'excluded' ? 'exclude' : 'color')).findIndex((rule) => rule.id === id) + 1;
  const title = rules.find((rule) => rule.id === id)?.title ?? 'a rule that its rule set does not hold';
  const said = what === 'excluded' ? 'Excluded by' : 'Coloured by';
  return { what, rule: id, text: `${said} “${title}”, the first of ${place === 1 ? 'all' : `rules 1 to ${place}`} that it fulfils.` };
}

function coloured(row: PlacedRow, ruleSet: ColorRuleSet): Reason {
  if (row.colorBy !== null) return byRule('color', row.colorBy, ruleSet);
  return { what: 'color', rule: null, text: 'It fulfils no coloring rule.' };
}

function placed({ row, above, parent, ruleSet }: Explained): Reason[] {
  const name = row.cusip ? `CUSIP ${row.cusip}` : row.isin ? `ISIN ${row.isin}` : null;
  const reasons: Reason[] = [{ what: 'family', rule: null, text: familyText(row, { parent, name }) }];
  if (row.child && parent) reasons.push({ what: 'position', rule: null, text: `Below its parent: ${difference(row, parent, ruleSet)}.` });
  else if (above) reasons.push({ what: 'position', rule: null, text: `Below the family of line ${above.line}: ${difference(row, above, ruleSet)}.` });
  else reasons.push({ what: 'position', rule: null, text: 'First of all: nothing that was kept comes before it.' });
  return reasons;
}

function familyText(row: PlacedRow, { parent, name }: { parent: PlacedRow | undefined; name: string | null }): string {
  if (name === null) return 'It has neither CUSIP nor ISIN, so it stands alone.';
  if (row.child && parent) return `Child ${row.child} of line ${parent.line}, which is the first of ${name}.`;
  return `The parent of ${name}: the first of its rows.`;
}

/** `its rank 3 is behind 1`: by the first key of the order in which the two differ. */
function difference(row: PlacedRow, first: PlacedRow, { order }: ColorRuleSet): string {
  for (const field of colorOrderFields) {
    const [mine, other] = [row[field], first[field]];
    if (mine === other) continue;
    const title = colorFields[field satisfies ColorField].title;
    const direction = order[field] === 'asc' ? 'lowest' : 'highest';
    if (mine === null) return `it has no ${title}, and rows without one come last`;
    if (other === null || mine < other === (order[field] === 'asc'))
      return `a person put it there: by its ${title} ${mine} it would come before ${other ?? 'none'}`;
    return `its ${title} ${mine} comes after ${other} (${direction} first)`;
  }
  return 'date, rank and price are the same; the other columns decide, so that every processing gives the same sheet';
}
