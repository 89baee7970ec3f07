import { Group, Select, Text, UnstyledButton } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { rowColors } from '@tidewheel/contract/color-rule';
import type { ColorProcessingDetail, ProcessedColor } from '@tidewheel/contract/routes/color-processings';
import type { TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { NameSearch } from '../../../shared/NameSearch.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import type { useSearchText } from '../../../shared/use-search-text.ts';
import { processedQuery, type RowsAsked } from './processings.queries.ts';

interface ProcessedRowsProps {
  processing: ColorProcessingDetail;
  asked: RowsAsked;
  search: ReturnType<typeof useSearchText>;
  onRule: (rule: string | undefined) => void;
  onWhy: (line: number) => void;
}

/** The rows of a sheet: children are set in under their parent. */
export function ProcessedRows({ processing, asked, search, onRule, onWhy }: ProcessedRowsProps) {
  const query = useInfiniteQuery(processedQuery(processing.number, asked));
  const kind = asked.which === 'excluded' ? 'exclude' : 'color';
  const rules = processing.byRule.filter((rule) => rule.kind === kind && rule.rows > 0);
  const titles = new Map(processing.byRule.map(({ rule, title }) => [rule, title]));
  return (
    <>
      <Group gap="xs" mb="sm">
        <NameSearch search={search} />
        <Select
          aria-label="Any rule"
          placeholder="Any rule"
          size="xs"
          w={260}
          clearable
          data={rules.map(({ rule, title, rows }) => ({ value: rule, label: `${title} (${rows})` }))}
          value={asked.rule ?? null}
          onChange={(rule) => onRule(rule ?? undefined)}
        />
      </Group>
      <PagedList
        label={asked.which === 'excluded' ? 'Excluded rows' : 'Rows'}
        query={query}
        columns={columnsOf({ titles, onWhy })}
        rowKey={({ line }) => String(line)}
        empty={<EmptyState icon={IconListDetails} title={asked.which === 'excluded' ? 'No row was excluded' : 'No such rows'} />}
        one="row"
        many="rows"
      />
    </>
  );
}

function columnsOf({ titles, onWhy }: { titles: ReadonlyMap<string, string>; onWhy: (line: number) => void }): TableColumn<ProcessedColor>[] {
  return [
    { key: 'line', title: 'Line', align: 'right', render: ({ line }) => line },
    {
      key: 'bond',
      title: 'Bond',
      isHead: true,
      render: (row) => (
        <div style={{ paddingLeft: row.child ? 18 : 0 }}>
          <UnstyledButton onClick={() => onWhy(row.line)} aria-label={`${row.cusip ?? row.isin ?? row.ticker ?? 'unnamed'}: why line ${row.line} is there`}>
            <Text size="sm" fw={row.child ? 400 : 600} td="underline" style={{ whiteSpace: 'nowrap' }}>
              {row.cusip ?? row.isin ?? row.ticker ?? 'unnamed'}
            </Text>
          </UnstyledButton>
          <Text size="xs" c="dimmed">
            {[row.ticker, row.coupon, row.maturity].filter((part) => part !== null).join(' ')}
          </Text>
        </div>
      ),
    },
    { key: 'date', title: 'Date', render: ({ date }) => <span style={{ whiteSpace: 'nowrap' }}>{date}</span> },
    { key: 'dealer', title: 'Dealer', render: ({ dealer }) => dealer ?? '–' },
    { key: 'bias', title: 'Bias', render: ({ bias }) => bias ?? '–' },
    { key: 'px', title: 'PX', align: 'right', render: ({ px }) => px ?? '–' },
    { key: 'spread', title: 'Spread', align: 'right', render: ({ spread }) => spread ?? '–' },
    { key: 'size', title: 'Size', align: 'right', render: ({ size }) => size ?? '–' },
    { key: 'rank', title: 'Rank', align: 'right', render: ({ rank }) => rank ?? '–' },
    { key: 'rule', title: 'Rule', isWide: true, render: (row) => <RuleOf row={row} titles={titles} /> },
  ];
}

function RuleOf({ row, titles }: { row: ProcessedColor; titles: ReadonlyMap<string, string> }) {
  const rule = row.excludedBy ?? row.colorBy;
  if (rule === null) return '–';
  const fill = row.color === null ? undefined : (rowColors as Record<string, string>)[row.color];
  return (
    <Group gap={6} wrap="nowrap">
      {fill && (
        <span aria-hidden style={{ width: 12, height: 12, flex: 'none', borderRadius: 3, background: `#${fill}`, border: '1px solid var(--tw-line)' }} />
      )}
      <Text size="sm" span>
        {titles.get(rule) ?? 'a rule that is gone'}
        {row.color !== null && ` (${row.color})`}
      </Text>
    </Group>
  );
}
