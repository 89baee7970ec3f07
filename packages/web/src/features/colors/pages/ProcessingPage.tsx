import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ColorProcessingDetail } from '@tidewheel/contract/routes/color-processings';
import type { ProcessingSearch } from '../../../app/color-search.ts';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { formatCount } from '../../../shared/format.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { PairList } from '../../../shared/PairList.tsx';
import { Time } from '../../../shared/Time.tsx';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { ProcessedRows } from '../processings/ProcessedRows.tsx';
import { processingQuery } from '../processings/processings.queries.ts';
import { WhyDrawer } from '../processings/WhyDrawer.tsx';

const route = getRouteApi('/app/colors/processings/$number');

/** One sheet: what came of it, by which rules, and each of its rows. */
export function ProcessingPage() {
  const number = Number(route.useParams().number);
  const query = useQuery(processingQuery(number));
  const above = <Link to="/colors/processings">Processings</Link>;
  return (
    <>
      <PageHeader title={`Processing ${number}`} above={above} facts={query.data && <Facts processing={query.data} />} />
      <Loaded query={query}>{(processing) => <Sheet processing={processing} />}</Loaded>
    </>
  );
}

function Facts({ processing: { date, taken, kept, excluded, families } }: { processing: ColorProcessingDetail }) {
  const count = formatCount;
  return `Of ${date}: ${count(taken)} taken, ${count(kept)} kept in ${count(families)} ${families === 1 ? 'family' : 'families'}, ${count(excluded)} excluded`;
}

function Sheet({ processing }: { processing: ColorProcessingDetail }) {
  const { tab = 'rows', q, rule, line } = route.useSearch();
  const navigate = route.useNavigate();
  const set = (part: ProcessingSearch) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const search = useSearchText(q, (text) => set({ q: text }));
  const rows = (which: 'kept' | 'excluded') => (
    <ProcessedRows
      processing={processing}
      asked={{ which, rule, search: q }}
      search={search}
      onRule={(one) => set({ rule: one })}
      onWhy={(one) => set({ line: one })}
    />
  );
  return (
    <>
      <Tabs value={tab} onChange={(value) => void navigate({ search: value === 'excluded' || value === 'rules' ? { tab: value } : {} })} keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="rows">Kept ({formatCount(processing.kept)})</Tabs.Tab>
          <Tabs.Tab value="excluded">Excluded ({formatCount(processing.excluded)})</Tabs.Tab>
          <Tabs.Tab value="rules">Rules and facts</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="rows">{rows('kept')}</Tabs.Panel>
        <Tabs.Panel value="excluded">{rows('excluded')}</Tabs.Panel>
        <Tabs.Panel value="rules">
          <RulesAndFacts processing={processing} />
        </Tabs.Panel>
      </Tabs>
      {line !== undefined && <WhyDrawer number={processing.number} line={line} onClose={() => set({ line: undefined })} />}
    </>
  );
}

type Rule = ColorProcessingDetail['byRule'][number];
const ruleColumns: TableColumn<Rule>[] = [
  { key: 'title', title: 'Rule', isHead: true, render: ({ title }) => title },
  { key: 'kind', title: 'Kind', render: ({ kind }) => (kind === 'exclude' ? 'excludes' : 'colours') },
  { key: 'rows', title: 'Rows', align: 'right', render: ({ rows }) => formatCount(rows) },
];

function RulesAndFacts({ processing }: { processing: ColorProcessingDetail }) {
  const { run, by, bySource, endedAt, kind, byRule, ruleSet } = processing;
  const sources = Object.entries(bySource).map(([source, kept]) => `${source || 'unnamed'} ${formatCount(kept)}`);
  return (
    <>
      <div className="tw-card" style={{ padding: 16, marginBottom: 16 }}>
        <PairList
          pairs={[
            ['Kind', kind === 'manual' ? 'by hand' : 'automatic'],
            ['Run', run ? <RunLink key="run" run={run} /> : '–'],
            ['By', by],
            ['Ended', <Time key="at" at={endedAt} />],
            ['Kept by source', sources.join(', ') || '–'],
            ['Sorted by', `date ${ruleSet.order.date}, rank ${ruleSet.order.rank}, PX ${ruleSet.order.px}`],
          ]}
        />
      </div>
      <div className="tw-card">
        {byRule.length === 0 ? (
          <p style={{ padding: '0 16px' }}>It went by no rules.</p>
        ) : (
          <DataTable label="Rules" columns={ruleColumns} rows={byRule} rowKey={({ rule }) => rule} />
        )}
      </div>
    </>
  );
}

function RunLink({ run }: { run: NonNullable<ColorProcessingDetail['run']> }) {
  return (
    <Link to="/runs/$id" params={{ id: run.id }}>
      {run.flow} #{run.number}
    </Link>
  );
}
