import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { listCalendars, listConnections, listCredentials, listFlows, listRuns, listSchedules, listTargets, listTriggers } from '@tidewheel/client/routes';
import type { Permission } from '@tidewheel/contract/route';
import { api } from '../../shared/api.ts';
import { meQuery } from '../../shared/session.ts';
import { statusOf } from '../../shared/status.ts';

export interface Found {
  kind: 'flow' | 'run' | 'host' | 'schedule' | 'trigger' | 'connection' | 'credential' | 'calendar';
  title: string;
  note: string;
  to: string;
}

interface Place {
  kind: Found['kind'];
  permission: Permission;
  find: (search: string | undefined) => Promise<Found[]>;
}

const few = 5;
/** What the server finds by name, of what the reader may see: in this order below one another. */
const places: Place[] = [
  {
    kind: 'flow',
    permission: 'flow.read',
    find: async (search) =>
      (await api.call(listFlows, { query: { search, limit: 8 } })).items.map(({ title, slug }) => ({ kind: 'flow', title, note: slug, to: `/flows/${slug}` })),
  },
  {
    kind: 'host',
    permission: 'target.read',
    find: async (search) =>
      (await api.call(listTargets, { query: { search, limit: few } })).items.map(({ name, address, title }) => ({
        kind: 'host',
        title: name,
        note: title === name ? address : title,
        to: `/targets/${name}`,
      })),
  },
  {
    kind: 'schedule',
    permission: 'schedule.read',
    find: async (search) =>
      (await api.call(listSchedules, { query: { search, limit: few } })).items.map(({ slug, definition }) => ({
        kind: 'schedule',
        title: definition.title || slug,
        note: definition.flow,
        to: `/schedules/${slug}`,
      })),
  },
  {
    kind: 'trigger',
    permission: 'trigger.read',
    find: async (search) =>
      (await api.call(listTriggers, { query: { search, limit: few } })).items.map(({ title, slug, flow }) => ({
        kind: 'trigger',
        title,
        note: flow,
        to: `/triggers/${slug}`,
      })),
  },
  {
    kind: 'connection',
    permission: 'connection.read',
    find: async (search) =>
      (await api.call(listConnections, { query: { search, limit: few } })).items.map(({ title, slug, type }) => ({
        kind: 'connection',
        title,
        note: type,
        to: `/connections/${slug}`,
      })),
  },
  {
    kind: 'credential',
    permission: 'credential.read',
    find: async (search) =>
      (await api.call(listCredentials, { query: { search, limit: few } })).items.map(({ title, slug, type }) => ({
        kind: 'credential',
        title,
        note: type,
        to: `/credentials/${slug}`,
      })),
  },
  {
    kind: 'calendar',
    permission: 'calendar.read',
    find: async (search) =>
      (await api.call(listCalendars, { query: { search, limit: few } })).items.map(({ title, slug }) => ({
        kind: 'calendar',
        title,
        note: slug,
        to: `/calendars/${slug}`,
      })),
  },
];

/** By name on the server; runs by number or flow among the newest. Nobody is asked for what the reader may not see, nor for all else before a letter is typed. */
export function useQuickSearch(text: string): { found: Found[]; isLoading: boolean } {
  const search = text.trim() === '' ? undefined : text.trim();
  const permissions = useQuery(meQuery).data?.permissions ?? [];
  const options = { placeholderData: keepPreviousData, staleTime: 10_000 } as const;
  const asked = places.filter(({ kind, permission }) => permissions.includes(permission) && (search !== undefined || kind === 'flow'));
  const answers = useQueries({
    queries: asked.map(({ kind, find }) => ({ ...options, queryKey: ['quick', kind, search], queryFn: () => find(search) })),
  });
  const runs = useQuery({
    ...options,
    queryKey: ['quick', 'runs'],
    queryFn: () => api.call(listRuns, { query: { limit: 100 } }),
    enabled: permissions.includes('run.read'),
  });
  const wanted = search?.toLowerCase().replace(/^#/, '') ?? '';
  const matching = (runs.data?.items ?? [])
    .filter((run) => String(run.number).startsWith(wanted) || `${run.flow} ${run.flowTitle}`.toLowerCase().includes(wanted))
    .slice(0, 8)
    .map((run): Found => ({ kind: 'run', title: `#${run.number} ${run.flowTitle}`, note: statusOf(run.state).label, to: `/runs/${run.id}` }));
  const named = answers.flatMap(({ data }) => data ?? []);
  const isFlow = ({ kind }: Found) => kind === 'flow';
  const found = [...named.filter(isFlow), ...matching, ...named.filter((one) => !isFlow(one))];
  return { found, isLoading: answers.some((answer) => answer.isLoading) || runs.isLoading };
}
