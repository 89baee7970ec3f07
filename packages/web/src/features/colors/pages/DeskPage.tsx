import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconChartBar, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { exportColorDashboard } from '@tidewheel/client/routes';
import type { ColorDashboard } from '@tidewheel/contract/routes/color-dashboard';
import type { ReactNode } from 'react';
import { api } from '../../../shared/api.ts';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { formatCount, formatDuration } from '../../../shared/format.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { ScrollBox } from '../../../shared/ScrollBox.tsx';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { BarTable } from '../desk/BarTable.tsx';
import classes from '../desk/desk.module.css';
import { colorSchedulesQuery, dashboardQuery } from '../desk/desk.queries.ts';
import { TrendLine } from '../desk/TrendLine.tsx';
import { useLiveDesk } from '../desk/use-live-desk.ts';

const route = getRouteApi('/app/colors/desk');
const ranges = [7, 30, 90, 365];

export function DeskPage() {
  const { days = 30 } = route.useSearch();
  const navigate = route.useNavigate();
  useLiveDesk();
  const query = useQuery(dashboardQuery(days));
  const download = (format: 'xlsx' | 'csv') => (
    <Button
      component="a"
      href={api.addressOf(exportColorDashboard, { query: { days, format } })}
      download={`color-desk.${format}`}
      variant="default"
      size="xs"
      leftSection={<IconDownload size={14} aria-hidden />}
    >
      {format === 'xlsx' ? 'Excel' : 'CSV'}
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Desk"
        facts={
          <Text size="sm">
            What the desk kept, by the business dates of its processings
            {query.data && `. Today is ${query.data.today.day} in ${query.data.today.timeZone}.`}
          </Text>
        }
        actions={
          <>
            {download('xlsx')}
            {download('csv')}
          </>
        }
      />
      <SegmentedControl
        mb="md"
        size="xs"
        aria-label="Days"
        data={ranges.map((range) => ({ value: String(range), label: `${range} days` }))}
        value={String(days)}
        onChange={(next) => void navigate({ search: { days: Number(next) }, replace: true })}
      />
      <Loaded query={query}>{(desk) => <Figures desk={desk} />}</Loaded>
    </>
  );
}

function Figures({ desk }: { desk: ColorDashboard }) {
  const { today, colors, byBias, bySource, bySector, volume, prices, months, times } = desk;
  const priced = prices.flatMap(({ px }) => (px === null ? [] : [px]));
  return (
    <>
      <Today today={today} />
      {colors === 0 ? (
        <EmptyState icon={IconChartBar} title="Nothing was kept in these days">
          Colors are counted once a flow has kept them. <Link to="/colors/automation">Run one</Link>, or take more days.
        </EmptyState>
      ) : (
        <div className={classes['grid']}>
          <Card title="By type">
            <BarTable label="Colors by type" of="Type" unit="Colors" bars={barsOf(byBias)} />
          </Card>
          <Card title="By source">
            <BarTable label="Colors by source" of="Source" unit="Colors" bars={barsOf(bySource)} />
          </Card>
          <Card title="By sector">
            <BarTable label="Colors by sector" of="Sector" unit="Colors" bars={barsOf(bySector)} />
          </Card>
          <Card title="Volume by sector and market (millions)">
            <BarTable
              label="Volume by sector and market"
              of="Sector, market"
              unit="Volume"
              bars={volume.slice(0, 40).map((one) => ({ name: `${one.sector || 'None'}, ${one.market || 'none'}`, value: one.volume }))}
            />
          </Card>
          <Card title="Mean price">
            {priced.length > 1 && <TrendLine label="Mean price by day" values={priced} />}
            <DataTable label="Mean price by day" columns={priceColumns} rows={prices.toReversed()} rowKey={({ day }) => day} />
          </Card>
          <Card title="Processing time">
            {times.length > 1 && <TrendLine label="Milliseconds of each processing" values={times.map(({ ms }) => ms)} />}
            <DataTable label="Processing times" columns={timeColumns} rows={times.toReversed()} rowKey={({ number }) => String(number)} />
          </Card>
          <Card title="By month" isWide>
            <DataTable label="Months" columns={monthColumns} rows={months} rowKey={({ month }) => month} />
          </Card>
        </div>
      )}
    </>
  );
}

const barsOf = (all: ColorDashboard['byBias']) => all.map(({ name, colors }) => ({ name, value: colors }));

const priceColumns: TableColumn<ColorDashboard['prices'][number]>[] = [
  { key: 'day', title: 'Day', isHead: true, render: ({ day }) => day },
  { key: 'px', title: 'Mean price', align: 'right', render: ({ px }) => px?.toFixed(3) ?? '–' },
  { key: 'colors', title: 'Colors', align: 'right', render: ({ colors }) => formatCount(colors) },
];
const timeColumns: TableColumn<ColorDashboard['times'][number]>[] = [
  { key: 'number', title: 'Processing', isHead: true, render: ({ number }) => number },
  { key: 'at', title: 'Ended', render: ({ at }) => <Time at={at} relative /> },
  { key: 'taken', title: 'Rows', align: 'right', render: ({ taken }) => formatCount(taken) },
  { key: 'ms', title: 'Took', align: 'right', render: ({ ms }) => formatDuration(ms) },
];
const monthColumns: TableColumn<ColorDashboard['months'][number]>[] = [
  { key: 'month', title: 'Month', isHead: true, render: ({ month }) => month },
  { key: 'processings', title: 'Processings', align: 'right', render: ({ processings }) => formatCount(processings) },
  { key: 'colors', title: 'Colors', align: 'right', render: ({ colors }) => formatCount(colors) },
  { key: 'excluded', title: 'Excluded', align: 'right', render: ({ excluded }) => formatCount(excluded) },
  { key: 'volume', title: 'Volume', align: 'right', render: ({ volume }) => formatCount(Math.round(volume)) },
];

function Today({ today }: { today: ColorDashboard['today'] }) {
  const canSeeSchedules = useCan('schedule.read');
  const facts: [string, number][] = [
    ['Colors today', today.colors],
    ['Excluded today', today.excluded],
    ['Processings today', today.processings],
    ['Waiting in the buffer', today.waiting],
  ];
  return (
    <div className={classes['facts']}>
      {facts.map(([title, value]) => (
        <div key={title} className="tw-card">
          <Stack gap={0} p="sm">
            <Text size="xs">{title}</Text>
            <span className={classes['figure']}>{formatCount(value)}</span>
          </Stack>
        </div>
      ))}
      {canSeeSchedules && <NextAutomation />}
    </div>
  );
}

function NextAutomation() {
  const query = useQuery(colorSchedulesQuery);
  const next = query.data?.find(({ nextAt }) => nextAt !== null);
  return (
    <div className="tw-card">
      <Stack gap={0} p="sm">
        <Text size="xs">Next automation</Text>
        {next?.nextAt ? (
          <Group gap={6}>
            <Link to="/schedules/$slug" params={{ slug: next.slug }} search={{}}>
              {next.definition.title}
            </Link>
            <Time at={next.nextAt} relative />
          </Group>
        ) : (
          <Link to="/colors/automation">None is planned</Link>
        )}
      </Stack>
    </div>
  );
}

function Card({ title, isWide, children }: { title: string; isWide?: boolean; children: ReactNode }) {
  return (
    <section className={`tw-card ${isWide ? classes['wide'] : ''}`} aria-label={title}>
      <Stack gap="xs" p="sm">
        <h2>{title}</h2>
        <ScrollBox label={`${title}, figures`} style={{ maxHeight: 260 }}>
          {children}
        </ScrollBox>
      </Stack>
    </section>
  );
}
