import { queryOptions } from '@tanstack/react-query';
import { listBackups, listConnections, showBackup } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export const backupsKey = ['backups'];
export const backupsQuery = () => pagedQuery([...backupsKey, 'list'], (cursor) => api.call(listBackups, { query: { cursor, limit: 50 } }));
/** Asked again until it is made. */
export const backupQuery = (backup: number) =>
  queryOptions({
    queryKey: [...backupsKey, 'one', backup],
    queryFn: () => api.call(showBackup, { params: { backup } }),
    refetchInterval: (query) => (query.state.data?.state === 'making' ? 1_000 : false),
  });
const holdFiles = new Set(['folder', 'sftp', 'ftp', 's3']);
export const placesQuery = queryOptions({
  queryKey: ['connections', 'holding-files'],
  queryFn: async () => (await api.call(listConnections, { query: { limit: 200 } })).items.filter(({ type }) => holdFiles.has(type)),
});
