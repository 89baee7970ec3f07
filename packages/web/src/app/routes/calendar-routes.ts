// Calendars: what are business days.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { calendarSearch, calendarsSearch, compareSearch, editCalendarSearch } from '../calendar-search.ts';
import { onlyWith } from '../page-access.tsx';
import { app } from './root.ts';

const calendars = createRoute({
  getParentRoute: () => app,
  path: '/calendars',
  validateSearch: calendarsSearch,
  component: onlyWith(
    'calendar.read',
    lazyRouteComponent(() => import('../../features/calendars/pages/CalendarsPage.tsx'), 'CalendarsPage'),
  ),
});
const newCalendar = createRoute({
  getParentRoute: () => app,
  path: '/calendars/new',
  component: onlyWith(
    'calendar.edit',
    lazyRouteComponent(() => import('../../features/calendars/pages/NewCalendarPage.tsx'), 'NewCalendarPage'),
  ),
});
const calendar = createRoute({
  getParentRoute: () => app,
  path: '/calendars/$slug',
  validateSearch: calendarSearch,
  component: onlyWith(
    'calendar.read',
    lazyRouteComponent(() => import('../../features/calendars/pages/CalendarPage.tsx'), 'CalendarPage'),
  ),
});
const editCalendar = createRoute({
  getParentRoute: () => app,
  path: '/calendars/$slug/edit',
  validateSearch: editCalendarSearch,
  component: onlyWith(
    'calendar.edit',
    lazyRouteComponent(() => import('../../features/calendars/pages/EditCalendarPage.tsx'), 'EditCalendarPage'),
  ),
});
const compareCalendars = createRoute({
  getParentRoute: () => app,
  path: '/calendars/$slug/compare',
  validateSearch: compareSearch,
  component: onlyWith(
    'calendar.read',
    lazyRouteComponent(() => import('../../features/calendars/pages/CompareCalendarPage.tsx'), 'CompareCalendarPage'),
  ),
});

export const calendarRoutes = [calendars, newCalendar, calendar, editCalendar, compareCalendars] as const;
