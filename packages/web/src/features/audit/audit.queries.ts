import { queryOptions } from '@tanstack/react-query';
import { listAudit, showAudit } from '@tidewheel/client/routes';
import { auditActions } from '@tidewheel/contract/audit-actions';
import type { AuditFilter } from '@tidewheel/contract/routes/audit';
import type { AuditSearch } from '../../app/search.ts';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

/** Days of the address are days of the reader. */
export function filterOf({ actor, action, object, from, to }: AuditSearch): AuditFilter {
  return {
    actor,
    // An address that names none of them filters by none.
    action: auditActions.find((one) => one === action),
    objectId: object,
    from: from && new Date(`${from}T00:00:00`).toISOString(),
    to: to && new Date(`${to}T23:59:59.999`).toISOString(),
  };
}
export const auditQuery = (filter: AuditFilter) => pagedQuery(['audit', filter], (cursor) => api.call(listAudit, { query: { ...filter, cursor, limit: 50 } }));
/** Until the entry has its place in the signed tree it is asked for again. */
export const entryQuery = (id: string) =>
  queryOptions({
    queryKey: ['audit', 'entry', id],
    queryFn: () => api.call(showAudit, { params: { id } }),
    refetchInterval: ({ state }) => (state.data && state.data.proof === null ? 1_000 : false),
  });
