// A trigger as whoever fires it needs it: with its flow, and with what its owner may do now.
import type pg from 'pg';

export interface FiringTrigger {
  id: string;
  workspace_id: string;
  slug: string;
  title: string;
  kind: string;
  flow: string;
  config: Record<string, unknown>;
  parameters: Record<string, string>;
  condition: string | null;
  owner_id: string | null;
  owner_label: string;
  /** What identity.access_of says of the owner; null: he is no member any more. */
  access: string | null;
  memory: Record<string, unknown> | null;
  paused_at: Date | null;
  archived_at: Date | null;
  credential_id: string | null;
  secret_version: number;
  secret_previous_until: Date | null;
}

export async function findFiring(pool: pg.Pool, ids: string[]): Promise<FiringTrigger[]> {
  const { rows } = await pool.query<FiringTrigger>({
    name: 'firing-trigger',
    text: `select t.id, t.workspace_id, t.slug, t.title, t.kind, f.slug as flow, t.config, t.parameters, t.condition, t.owner_id, t.owner_label, t.memory, t.paused_at, t.archived_at,
        t.credential_id, t.secret_version, t.secret_previous_until,
        case when m.user_id is not null then identity.access_of(t.owner_id, t.workspace_id) end as access
      from flow_trigger t join flow f on f.workspace_id = t.workspace_id and f.id = t.flow_id
        left join identity.membership m on m.user_id = t.owner_id and m.workspace_id = t.workspace_id and m.suspended_at is null
      where t.id = any($1)`,
    values: [ids],
  });
  return rows;
}
