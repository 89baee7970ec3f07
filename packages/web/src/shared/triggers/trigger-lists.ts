// Lists of triggers, for their own page and that of a flow.
import { listTriggers } from '@tidewheel/client/routes';
import type { TriggerFilter } from '@tidewheel/contract/routes/triggers';
import { api } from '../api.ts';
import { pagedQuery } from '../paged-query.ts';

export const triggersQuery = (filter: TriggerFilter) =>
  pagedQuery(['triggers', 'list', filter], (cursor) => api.call(listTriggers, { query: { ...filter, cursor, limit: 50 } }));
