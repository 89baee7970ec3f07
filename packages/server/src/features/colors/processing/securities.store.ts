// Keeps the row of each bond as its newest color says, in the transaction of the keeping.
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';

interface Kept {
  workspaceId: string;
  id: string;
  firstDay: string | null;
  lastDay: string | null;
}

export async function noteSecurities(trx: WorkspaceTransaction, { workspaceId, id, firstDay, lastDay }: Kept): Promise<void> {
  if (firstDay === null || lastDay === null) return;
  const facts = ['cusip', 'isin', 'ticker', 'issuer', 'coupon', 'maturity', 'sector', 'market', 'currency'];
  const names = sql.join(facts.map((name) => sql.ref(name)));
  // A newer color without, say, an issuer does not take away what is known.
  const known = facts.map((name) => {
    const [ours, theirs] = [sql.ref(`color_security.${name}`), sql.ref(`excluded.${name}`)];
    return sql`${sql.ref(name)} = case when excluded.last_day >= color_security.last_day then coalesce(${theirs}, ${ours}) else coalesce(${ours}, ${theirs}) end`;
  });
  await sql`insert into color_security (workspace_id, security, ${names}, colors, first_day, last_day)
    select distinct on (security) workspace_id, security, ${names}, count(*) over whole, min(date) over whole, max(date) over whole
    from color
    where workspace_id = ${workspaceId} and processing_id = ${id} and date between ${firstDay} and ${lastDay} and excluded_by is null and security <> ''
    window whole as (partition by security)
    order by security, date desc, at desc nulls last, line
    on conflict (workspace_id, security) do update set ${sql.join(known)}, colors = color_security.colors + excluded.colors,
      first_day = least(color_security.first_day, excluded.first_day), last_day = greatest(color_security.last_day, excluded.last_day)`.execute(trx);
}
