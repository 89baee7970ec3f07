// Lists of triggers, for their own page and that of a flow.
import { listTriggers } from '@tidewheel/client/routes';
import type { TriggerHealth, TriggerKind } from '@tidewheel/contract/trigger';
import { api } from '../api.ts';
import { pagedQuery } from '../paged-query.ts';

export interface TriggerFilter {
  flow?: string | undefined;
  kind?: TriggerKind | undefined;
  health?: TriggerHealth | undefined;
  search?: string | undefined;
}

export const triggersQuery = (filter: TriggerFilter) =>
  pagedQuery(['triggers', 'list', filter], (cursor) => api.call(listTriggers, { query: { ...filter, cursor, limit: 50 } }));
