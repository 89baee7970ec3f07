// From a moment of a schedule to the run that it starts. Nothing is written.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { ScheduleParameter, ScheduleTiming } from '@tidewheel/contract/schedule';
import type { Actor } from '../../../base/actor.ts';
import { dateInZone } from '../../../base/clock.ts';
import type { Databases } from '../../../storage/database.ts';
import { calendarsOf } from '../../calendars-of.ts';
import { checkedParameters, overlapOf, type RunStarter } from '../../runs/run-starter.ts';
import type { AuditedStart } from '../../runs/start-batch.ts';
import { flowGate } from '../../worker/gate.store.ts';
import { firingParameters } from '../firing-parameters.ts';
import type { Moment } from '../timing/moments.ts';

export interface Startable {
  id: string;
  slug: string;
  flow: string;
  timing: ScheduleTiming;
  parameters: Record<string, ScheduleParameter>;
}

export interface PreparedStart {
  start: AuditedStart;
  /** Those in front of it are cancelled once it is written. */
  cancelsBefore: boolean;
  document: FlowDocument;
}

/** @throws as starting a run of the flow; InvalidInput for parameters that do not fit */
export async function prepareStart(
  starter: RunStarter,
  actor: Actor,
  { schedule, moment, now, engine }: { schedule: Startable; moment: Pick<Moment, 'instant' | 'businessDate'>; now: Date; engine: Databases['engine'] },
): Promise<PreparedStart> {
  const flow = await starter.find(actor, schedule.flow);
  const { document } = flow;
  const planned = new Date(moment.instant);
  const asked = { workspaceId: actor.workspaceId, at: planned };
  const own = await calendarsOf(engine, { ...asked, document: schedule.parameters });
  const { values, faults } = firingParameters({
    parameters: schedule.parameters,
    moment,
    timeZone: schedule.timing.timeZone,
    flow: document.flow,
    calendars: own,
  });
  if (faults.length > 0)
    throw new InvalidInput(
      'schedule.parameters',
      `The parameters of the schedule cannot be worked out: ${faults.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
      {
        hint: 'Look at them in the preview of the schedule.',
        details: { faults },
      },
    );
  const start = {
    ...flow,
    parameters: checkedParameters({ document, given: values, now: planned, calendars: await calendarsOf(engine, { ...asked, document }) }),
    now,
    idempotencyKey: null,
    rerunOf: null,
    // Its expressions see the moment that it is for, however late it starts.
    frozen: { now: planned, today: dateInZone(planned, document.timeZone) },
    origin: { kind: 'schedule' as const, id: schedule.id, slug: schedule.slug, instant: planned.toISOString() },
    ...overlapFor(schedule, flow),
  };
  return { start: starter.prepare(actor, start), cancelsBefore: overlapOf(start) === 'cancelPrevious', document };
}

/** A schedule with a policy of its own goes through the gate of its flow, where there is one, else through one of its own. */
function overlapFor({ id, timing }: Startable, { document, flowId }: Awaited<ReturnType<RunStarter['find']>>) {
  const { runs } = timing.policies;
  if (runs === 'flow') return {};
  const gate = document.overlap ? { key: flowGate(flowId), most: document.overlap.most } : { key: `schedule ${id}`, most: 1 };
  return { gate, overlap: runs };
}
