import { listPerformanceTests, showPerformanceTest } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export const performanceTestsQuery = (flow: string | undefined) =>
  pagedQuery(['performance', 'list', flow], (cursor) => api.call(listPerformanceTests, { query: { flow, cursor, limit: 20 } }));

export const performanceReportQuery = (id: string) => ({
  queryKey: ['performance', 'report', id],
  queryFn: () => api.call(showPerformanceTest, { params: { id } }),
});
