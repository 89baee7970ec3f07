// HTTP only: joins the routes of the contract with the services.
import * as routes from '@tidewheel/contract/routes/calendars';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import {
  archiveCalendar,
  type CalendarDeps,
  changeCalendar,
  createCalendar,
  listBuiltIn,
  listCalendars,
  listVersions,
  restoreCalendar,
  showCalendar,
  showUsage,
} from './calendars.service.ts';
import { askCalendar, compareVersions, exportCalendar, listAllCountries, previewImport, previewYear, showYear } from './reading.service.ts';

export function calendarEndpoints(deps: CalendarDeps): Endpoint[] {
  return [
    endpoint(routes.listCalendars, ({ actor, query }) => listCalendars(deps, actor, query)),
    endpoint(routes.listBuiltInCalendars, async ({ actor }) => listBuiltIn(actor)),
    endpoint(routes.listCalendarCountries, async ({ actor }) => listAllCountries(actor)),
    endpoint(routes.showCalendar, ({ actor, params, query }) => showCalendar(deps, actor, { ...params, ...query })),
    endpoint(routes.createCalendar, ({ actor, body }) => createCalendar(deps, actor, body)),
    endpoint(routes.changeCalendar, ({ actor, params, body }) => changeCalendar(deps, actor, { ...body, ...params })),
    endpoint(routes.archiveCalendar, ({ actor, params }) => archiveCalendar(deps, actor, params.slug)),
    endpoint(routes.restoreCalendar, ({ actor, params }) => restoreCalendar(deps, actor, params.slug)),
    endpoint(routes.listCalendarVersions, ({ actor, params, query }) => listVersions(deps, actor, { ...params, ...query })),
    endpoint(routes.showCalendarYear, ({ actor, params, query }) => showYear(deps, actor, { ...params, ...query })),
    endpoint(routes.compareCalendar, ({ actor, params, query }) => compareVersions(deps, actor, { ...params, ...query })),
    endpoint(routes.showCalendarUsage, ({ actor, params }) => showUsage(deps, actor, params.slug)),
    endpoint(routes.askCalendar, ({ actor, params, query }) => askCalendar(deps, actor, { ...params, ...query })),
    endpoint(routes.previewCalendar, ({ actor, body }) => previewYear(deps, actor, body)),
    endpoint(routes.previewCalendarImport, ({ actor, query, body }) => previewImport(actor, { ...query, content: body })),
    endpoint(routes.exportCalendar, ({ actor, params, query }) => exportCalendar(deps, actor, { ...params, ...query })),
  ];
}
