// An operator who pauses a run with runs below it and lets it go on, while whoever does it for him is killed; he does not ask again for what he sees done.
import { setTimeout as sleep } from 'node:timers/promises';
import type { CrashRoles } from './crash-roles.ts';
import type { EngineSite } from './engine-site.ts';

interface Operating {
  site: EngineSite;
  roles: CrashRoles;
  random(): number;
}

/** The API is killed once, at any moment of either; where there is no such run, all the same. */
export async function pauseHalfWay(operating: Operating): Promise<void> {
  const { roles, random } = operating;
  const run = await somebodyWithRunsBelow(operating);
  const killsAtPause = random() < 0.5;
  if (run === null) return roles.kill('api');
  const pausing = roles.askOnce({ pause: run });
  if (killsAtPause) await killSoon(operating);
  await pausing;
  await sleep(random() * 300);
  for (let isFirst = true; await isPaused(operating, run); isFirst = false) {
    const resuming = roles.askOnce({ resume: run });
    if (isFirst && !killsAtPause) await killSoon(operating);
    await resuming;
    await sleep(50);
  }
}

async function killSoon({ roles, random }: Operating): Promise<void> {
  await sleep(random() * 12);
  await roles.kill('api');
}

async function somebodyWithRunsBelow({ site, random }: Operating): Promise<string | null> {
  const { rows } = await site.databases.enginePool
    .query<{ id: string }>(
      `select id from run above where state = 'running' and paused_at is null and parent_id is null
         and exists (select from run below where below.parent_id = above.id and below.finished_at is null) order by id`,
    )
    .catch(() => ({ rows: [] }));
  return rows[Math.floor(random() * rows.length)]?.id ?? null;
}

/** While the database is away nobody knows: then it is asked for once more. */
async function isPaused({ site }: Operating, run: string): Promise<boolean> {
  const found = await site.databases.enginePool.query('select from run where id = $1 and paused_at is not null', [run]).catch(() => null);
  return found === null || found.rowCount === 1;
}
