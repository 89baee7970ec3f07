// HTTP only: joins the routes of the contract with the verbs.
import * as routes from '@tidewheel/contract/routes/schedules';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { changeSchedules } from './bulk.ts';
import { moveOccurrence, resetOccurrence, runNow, skipOccurrence } from './occurrences.service.ts';
import type { ScheduleDeps } from './schedule-deps.ts';
import { explain, listFirings, listNext, preview, showCalendar } from './schedule-plan.service.ts';
import { showScheduler, startScheduler, stopScheduler } from './scheduler-control.service.ts';
import {
  activateSchedule,
  archiveSchedule,
  createSchedule,
  listSchedules,
  pauseSchedule,
  restoreSchedule,
  showSchedule,
  updateSchedule,
} from './schedules.service.ts';

export function scheduleEndpoints(deps: ScheduleDeps): Endpoint[] {
  return [
    endpoint(routes.listSchedules, ({ actor, query }) => listSchedules(deps, actor, query)),
    endpoint(routes.showSchedule, ({ actor, params }) => showSchedule(deps, actor, params.slug)),
    endpoint(routes.createSchedule, ({ actor, body }) => createSchedule(deps, actor, body)),
    endpoint(routes.updateSchedule, ({ actor, params, body }) => updateSchedule(deps, actor, { slug: params.slug, ...body })),
    endpoint(routes.pauseSchedule, ({ actor, params }) => pauseSchedule(deps, actor, params.slug)),
    endpoint(routes.activateSchedule, ({ actor, params }) => activateSchedule(deps, actor, params.slug)),
    endpoint(routes.archiveSchedule, ({ actor, params }) => archiveSchedule(deps, actor, params.slug)),
    endpoint(routes.restoreSchedule, ({ actor, params }) => restoreSchedule(deps, actor, params.slug)),
    endpoint(routes.changeSchedules, ({ actor, body }) => changeSchedules(deps, actor, body)),
    endpoint(routes.previewSchedule, ({ actor, body }) => preview(deps, actor, body)),
    endpoint(routes.listOccurrences, ({ actor, params, query }) => listNext(deps, actor, { slug: params.slug, ...query })),
    endpoint(routes.showScheduleCalendar, ({ actor, params, query }) => showCalendar(deps, actor, { slug: params.slug, ...query })),
    endpoint(routes.explainSchedule, ({ actor, params, query }) => explain(deps, actor, { slug: params.slug, ...query })),
    endpoint(routes.listFirings, ({ actor, params, query }) => listFirings(deps, actor, { slug: params.slug, ...query })),
    endpoint(routes.runSchedule, ({ actor, params, body }) => runNow(deps, actor, { slug: params.slug, ...body })),
    endpoint(routes.skipOccurrence, ({ actor, params, body }) => skipOccurrence(deps, actor, { slug: params.slug, ...body })),
    endpoint(routes.moveOccurrence, ({ actor, params, body }) => moveOccurrence(deps, actor, { slug: params.slug, ...body })),
    endpoint(routes.resetOccurrence, ({ actor, params, body }) => resetOccurrence(deps, actor, { slug: params.slug, ...body })),
    endpoint(routes.showScheduler, ({ actor }) => showScheduler(deps, actor)),
    endpoint(routes.stopScheduler, ({ actor, body }) => stopScheduler(deps, actor, body.reason ?? null)),
    endpoint(routes.startScheduler, ({ actor }) => startScheduler(deps, actor)),
  ];
}
