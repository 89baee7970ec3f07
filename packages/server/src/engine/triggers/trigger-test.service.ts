// Trying a trigger out: what it would fire for now, without firing.
import { toAppError } from '@tidewheel/contract/errors';
import type { TriggerTest } from '@tidewheel/contract/trigger';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { redactor } from '../../base/redactor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import { newestEnded } from './ended-runs.store.ts';
import { occurrenceOf } from './ended-runs.ts';
import { findFiring } from './firing.store.ts';
import { judge } from './firing.ts';
import { inTime, withContext } from './look.ts';
import { existingTrigger } from './trigger-access.ts';
import type { TriggerDeps } from './trigger-deps.ts';
import { watchable } from './trigger-states.ts';
import { hookAddress } from './trigger-view.ts';
import type { TriggerRow } from './triggers.store.ts';
import { sampleCall } from './webhook/sample-call.ts';

const withinMs = 55_000;
const mostLooked = 50;

/** What fails at the far side is part of the answer. @throws NotFound, NotAllowed */
export async function testTrigger(deps: TriggerDeps, actor: Actor, { slug, signal }: { slug: string; signal: AbortSignal }): Promise<TriggerTest> {
  requirePermission(actor, 'trigger.edit');
  const row = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const found = await existingTrigger(trx, actor, { slug, permission: 'trigger.edit' });
    await recordAudit(trx, actor, { action: 'trigger.tested', object: { type: 'trigger', id: found.id, title: slug } });
    return found;
  });
  if (row.kind === 'webhook') return hookTest(deps, row);
  if (row.kind === 'flow') return endTest(deps, actor, row);
  return lookTest(deps, row, signal);
}

function hookTest({ origin }: TriggerDeps, { id, config, secret_set_at, paused_at }: TriggerRow): TriggerTest {
  const url = hookAddress(origin(), id);
  const faults = [
    ...(secret_set_at ? [] : ['It has no secret yet, and refuses what comes: give it one first.']),
    ...(paused_at ? ['It is paused, and refuses what comes.'] : []),
  ];
  return {
    ok: faults.length === 0,
    summary: faults[0] ?? 'Call it as below, with its secret in the place of SECRET; what came is the newest of its events.',
    lines: faults.slice(1).map((title) => ({ title, detail: '' })),
    sample: { url, curl: sampleCall({ url, config }) },
  };
}

async function lookTest(deps: TriggerDeps, row: TriggerRow, gone: AbortSignal): Promise<TriggerTest> {
  const kind = deps.kinds.find((one) => one.kind === row.kind);
  if (kind?.how !== 'look') return { ok: false, summary: 'This kind cannot be tried out.', lines: [], sample: null };
  const signal = AbortSignal.any([gone, AbortSignal.timeout(withinMs)]);
  try {
    const report = await withContext(deps, { trigger: row, signal, isTest: true }, (ctx) => inTime(signal, kind.test(kind.config.parse(row.config), ctx)));
    return redactor.deep({ ...report, sample: null });
  } catch (thrown) {
    const { message, hint } = toAppError(thrown);
    return redactor.deep({ ok: false, summary: message, lines: hint === undefined ? [] : [{ title: hint, detail: '' }], sample: null });
  }
}

async function endTest(deps: TriggerDeps, actor: Actor, row: TriggerRow): Promise<TriggerTest> {
  const { workspace_id, config } = row;
  const { outcomes } = config as { outcomes: string[] };
  // Whoever may change the trigger need not be who made it: he is told of the runs of no flow but those that he may watch himself.
  const flows = (await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => watchable(trx, actor, config))).map(({ slug }) => slug);
  const runs = await newestEnded(deps.databases.enginePool, { workspaceId: workspace_id, flows, states: outcomes, most: mostLooked });
  const lines: TriggerTest['lines'] = [];
  let fired: string | null = null;
  const [trigger] = await findFiring(deps.databases.enginePool, [row.id]);
  for (const run of runs) {
    if (!trigger) break;
    const occurrence = occurrenceOf(run);
    const judged = await judge(deps, trigger, { ...occurrence, depth: 0 });
    if (judged.kind === 'starts') {
      fired = occurrence.title;
      break;
    }
    if (judged.error !== null) lines.push({ title: occurrence.title, detail: judged.error.message });
  }
  const none = runs.length === 0 ? 'No run of these flows has ended so yet.' : `None of the newest ${runs.length} runs would have fired it.`;
  return { ok: lines.length === 0, summary: fired ? `${fired}: that would have fired it.` : none, lines: lines.slice(0, 20), sample: null };
}
