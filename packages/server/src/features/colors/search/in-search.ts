// The one place that reads with the search role, which row-level security does not hold back: every query begins here, with its workspace. Kysely only adds to a `where`
// (by `and`), so what is asked for narrows these and never widens them. search-isolation.db.test.ts attacks it.
import type { Databases } from '../../../storage/database.ts';

export type SearchDatabases = Pick<Databases, 'search'>;

/** @returns beginnings of queries that hold what this workspace kept, and nothing else */
export function inSearch({ search }: SearchDatabases, workspaceId: string) {
  return {
    /** To count on, and to hand to readPage. */
    db: search,
    /** What was excluded is not found. `number` of its processing, `security` as its own column. */
    colors: () => search.selectFrom('color').where('color.workspace_id', '=', workspaceId).where('color.excluded_by', 'is', null),
    securities: () => search.selectFrom('color_security').where('color_security.workspace_id', '=', workspaceId),
    processings: () => search.selectFrom('color_processing').where('color_processing.workspace_id', '=', workspaceId),
  };
}
export type InSearch = ReturnType<typeof inSearch>;
