// The versions of calendars that were the newest at a moment. Also asked by the engine, which sees every workspace: so the workspace is always named.
import type { CalendarDefinition } from '@tidewheel/contract/calendar';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../../storage/schema.ts';

export interface VersionAt {
  id: string;
  slug: string;
  definition: CalendarDefinition;
}

interface Asked {
  workspaceId: string;
  /** Left out: all. */
  slugs?: readonly string[] | undefined;
  at?: Date | undefined;
}

/** One that is younger than the moment: its first version. */
export async function findVersionsAt(db: Kysely<Database>, { workspaceId, slugs, at }: Asked): Promise<VersionAt[]> {
  const isYounger = sql<boolean>`coalesce(version.created_at > ${at ?? null}::timestamptz, false)`;
  return (
    db
      .selectFrom('calendar')
      .innerJoin('calendar_version as version', (join) =>
        join.onRef('version.workspace_id', '=', 'calendar.workspace_id').onRef('version.calendar_id', '=', 'calendar.id'),
      )
      .where('calendar.workspace_id', '=', workspaceId)
      .$if(slugs !== undefined, (query) => query.where('calendar.slug', 'in', [...(slugs ?? [])]))
      .distinctOn('calendar.id')
      .select(['version.id', 'calendar.slug', 'version.definition'])
      .orderBy('calendar.id')
      .orderBy(isYounger)
      // Of those that were there the newest; of those that came later the first.
      .orderBy(sql`case when ${isYounger} then version.version else -version.version end`)
      .execute()
  );
}
