import { Group, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ColorBias } from '@tidewheel/contract/color';
import type { SecurityDetail } from '@tidewheel/contract/routes/color-search';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { formatCount } from '../../../shared/format.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { PairList } from '../../../shared/PairList.tsx';
import { saidColumns } from '../search/found-columns.tsx';
import { PriceChart } from '../search/PriceChart.tsx';
import { foundQuery, pricesQuery, securityQuery } from '../search/search.queries.ts';

const route = getRouteApi('/app/colors/securities/$security');

/** One bond: what it is, its price over time, who spoke of it, and what was said last. */
export function SecurityPage() {
  const { security } = route.useParams();
  const query = useQuery(securityQuery(security));
  const above = (
    <Link to="/colors/search" search={{}}>
      Security search
    </Link>
  );
  return (
    <>
      <PageHeader title={query.data?.issuer ?? security} above={above} facts={query.data?.security} />
      <Loaded query={query}>
        {(detail) => (
          <Stack gap="md">
            <div className="tw-card" style={{ padding: 16, maxWidth: 720 }}>
              <PairList pairs={pairsOf(detail)} />
            </div>
            <Prices security={detail.security} />
            <div className="tw-card">
              <Title order={2} p="sm">
                Dealers
              </Title>
              <DataTable label="Dealers" columns={dealerColumns} rows={detail.dealers} rowKey={({ dealer }) => dealer ?? ''} />
            </div>
            <LastColors security={detail.security} />
          </Stack>
        )}
      </Loaded>
    </>
  );
}

function pairsOf(detail: SecurityDetail): [string, React.ReactNode][] {
  const { cusip, isin, ticker, coupon, maturity, sector, market, currency, colors, firstDay, lastDay, processings } = detail;
  return [
    ['CUSIP', cusip ?? '–'],
    ['ISIN', isin ?? '–'],
    ['Ticker', ticker ?? '–'],
    ['Coupon and maturity', [coupon === null ? null : `${coupon} %`, maturity].filter(Boolean).join(', ') || '–'],
    ['Sector and market', [sector, market, currency].filter(Boolean).join(', ') || '–'],
    ['Colors', `${formatCount(colors)}, from ${firstDay} to ${lastDay}`],
    [
      'Processings',
      processings.map(({ number, date }, index) => (
        <span key={number}>
          {index > 0 && ', '}
          <Link to="/colors/processings/$number" params={{ number: String(number) }} title={date}>
            {number}
          </Link>
        </span>
      )),
    ],
  ];
}

const biases = ['bid', 'offer', 'talk', 'cover', 'trade'];

function Prices({ security }: { security: string }) {
  const { bias, from } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(pricesQuery(security, { bias, from }));
  return (
    <div className="tw-card" style={{ padding: 16 }}>
      <Group justify="space-between" mb="sm">
        <Title order={2}>Price</Title>
        <Group gap="xs">
          <TextInput
            type="date"
            size="xs"
            w={178}
            leftSection={
              <Text span size="xs" aria-hidden>
                From
              </Text>
            }
            leftSectionWidth={44}
            aria-label="From this day"
            value={from ?? ''}
            onChange={(event) => {
              const day = event.currentTarget.value || undefined;
              void navigate({ search: (old) => ({ ...old, from: day }), replace: true });
            }}
          />
          <Select
            aria-label="Any bias"
            placeholder="Any bias"
            size="xs"
            w={130}
            clearable
            data={biases}
            value={bias ?? null}
            onChange={(value) => void navigate({ search: (old) => ({ ...old, bias: (value ?? undefined) as ColorBias | undefined }), replace: true })}
          />
        </Group>
      </Group>
      <Loaded query={query}>{(points) => <PriceChart points={points} />}</Loaded>
    </div>
  );
}

const dealerColumns: TableColumn<SecurityDetail['dealers'][number]>[] = [
  { key: 'dealer', title: 'Dealer', isHead: true, render: ({ dealer }) => dealer ?? 'unnamed' },
  { key: 'colors', title: 'Colors', align: 'right', render: ({ colors }) => formatCount(colors) },
  { key: 'lastPx', title: 'Last PX', align: 'right', render: ({ lastPx }) => lastPx ?? '–' },
  { key: 'lastDay', title: 'Last day', align: 'right', render: ({ lastDay }) => lastDay },
];

function LastColors({ security }: { security: string }) {
  const query = useInfiniteQuery(foundQuery({ security }));
  return (
    <div>
      <Title order={2} mb="xs">
        Last colors
      </Title>
      <PagedList
        label="Last colors"
        query={query}
        columns={saidColumns}
        rowKey={(color) => `${color.processing}:${color.line}`}
        empty={<EmptyState icon={IconListSearch} title="No colors" />}
        one="color"
        many="colors"
      />
    </div>
  );
}
