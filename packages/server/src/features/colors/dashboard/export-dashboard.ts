// The figures of the dashboard as one table: which figure, of what, and its numbers.
import { Readable } from 'node:stream';
import type { ColorDashboard } from '@tidewheel/contract/routes/color-dashboard';
import type { Actor } from '../../../base/actor.ts';
import type { Download } from '../../../base/endpoint.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { inWorkspace } from '../../../storage/database.ts';
import { lineOf, type WriteSheet } from '../search/export-colors.ts';
import { type DashboardDeps, showDashboard } from './dashboard.service.ts';

export type DashboardExportDeps = DashboardDeps & { writeSheet: WriteSheet };

export async function exportDashboard(deps: DashboardExportDeps, actor: Actor, { days, format }: { days: number; format: 'xlsx' | 'csv' }): Promise<Download> {
  const dashboard = await showDashboard(deps, actor, { days });
  await inWorkspace(deps.databases.app, actor.workspaceId, (trx) =>
    recordAudit(trx, actor, { action: 'color.exported', object: { type: 'color_dashboard', id: format, title: `color-desk.${format}` }, after: { days } }),
  );
  const rows = figures(dashboard);
  if (format === 'csv')
    return {
      stream: Readable.from([lineOf(columns.map(({ header }) => header)), ...rows.map(lineOf)]),
      mediaType: 'text/csv; charset=utf-8',
      fileName: 'color-desk.csv',
    };
  const stream = Readable.from(
    deps.writeSheet({
      title: 'Color desk',
      columns,
      rows: (async function* () {
        yield rows;
      })(),
    }),
  );
  return { stream, mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', fileName: 'color-desk.xlsx' };
}

const columns = [
  { header: 'Figure', kind: 'text' as const, width: 18 },
  { header: 'Of', kind: 'text' as const, width: 24 },
  { header: 'Market', kind: 'text' as const, width: 10 },
  { header: 'Colors', kind: 'number' as const, width: 10 },
  { header: 'Excluded', kind: 'number' as const, width: 10 },
  { header: 'Volume (MM)', kind: 'number' as const, width: 14 },
  { header: 'Mean price', kind: 'number' as const, width: 12 },
  { header: 'Processings', kind: 'number' as const, width: 12 },
  { header: 'Milliseconds', kind: 'number' as const, width: 13 },
];

function figures({ today, byBias, bySource, bySector, volume, prices, months, times }: ColorDashboard): unknown[][] {
  const shares = (figure: string, all: ColorDashboard['byBias']) => all.map((one) => [figure, one.name, null, one.colors, null, one.volume, null, null, null]);
  return [
    ['Today', today.day, null, today.colors, today.excluded, null, null, today.processings, null],
    ...shares('Type', byBias),
    ...shares('Source', bySource),
    ...shares('Sector', bySector),
    ...volume.map((one) => ['Sector and market', one.sector, one.market, one.colors, null, one.volume, null, null, null]),
    ...prices.map((one) => ['Day', one.day, null, one.colors, null, null, one.px, null, null]),
    ...months.map((one) => ['Month', one.month, null, one.colors, one.excluded, one.volume, null, one.processings, null]),
    ...times.map((one) => ['Processing', String(one.number), null, one.taken, null, null, null, null, one.ms]),
  ];
}
