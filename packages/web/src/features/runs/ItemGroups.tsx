import { Button, Card, Code, Group, Select, Stack, Text } from '@mantine/core';
import { IconStack3 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ItemComparison, ItemGroup } from '@tidewheel/contract/routes/run-items';
import { useState } from 'react';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { formatCount } from '../../shared/format.ts';
import { Loaded } from '../../shared/Loaded.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import classes from './ItemGroups.module.css';
import { itemComparisonQuery } from './runs.queries.ts';

const route = getRouteApi('/app/runs/$id');

/** What the items gave, put together by what is the same: most said this, and these differ. */
export function ItemGroups({ run, step, isOver }: { run: string; step: string; isOver: boolean }) {
  const { field = null } = route.useSearch();
  const navigate = route.useNavigate();
  const compareBy = (value: string | null) => void navigate({ search: (old) => ({ ...old, field: value ?? undefined }), replace: true, resetScroll: false });
  const query = useQuery({ ...itemComparisonQuery({ run, step, field }), refetchInterval: isOver ? false : 3_000 });
  return (
    <Loaded query={query}>
      {(comparison) =>
        comparison.total === 0 ? (
          <EmptyState icon={IconStack3} title="None has begun yet" />
        ) : (
          <Stack gap="sm" p="xs">
            <Group gap="sm" justify="space-between">
              <Text size="sm">{summaryOf(comparison)}</Text>
              {comparison.fields.length > 0 && (
                <Select
                  aria-label="Compare by"
                  placeholder="All that they gave"
                  data={comparison.fields}
                  value={field}
                  onChange={compareBy}
                  clearable
                  searchable
                  size="xs"
                  w={220}
                />
              )}
            </Group>
            {comparison.isHidden && <Text size="sm">Your role keeps what they gave from you; they are compared all the same.</Text>}
            {comparison.groups.map((group) => (
              <GroupCard key={`${group.state} ${group.items[0]?.run}`} group={group} />
            ))}
            {comparison.different > comparison.groups.length && (
              <Text size="sm">
                {formatCount(comparison.different - comparison.groups.length)} further results, none of more items than these, are not shown.
                {field === null && comparison.fields.length > 0 && ' Comparing one field mostly leaves fewer.'}
              </Text>
            )}
          </Stack>
        )
      }
    </Loaded>
  );
}

function summaryOf({ total, open, groups }: ItemComparison): string {
  const [first] = groups;
  const ended = total - open;
  const waiting = open > 0 ? ` ${formatCount(open)} have not ended.` : '';
  if (!first) return `None of ${formatCount(total)} has ended.`;
  if (first.count === ended)
    return first.state === 'succeeded' ? `All ${formatCount(ended)} said the same.${waiting}` : `All ${formatCount(ended)} ${first.state} alike.${waiting}`;
  const others = ended - first.count;
  return `${formatCount(first.count)} of ${formatCount(ended)} said the same, ${formatCount(others)} ${others === 1 ? 'differs' : 'differ'}.${waiting}`;
}

const namedAtFirst = 12;

function GroupCard({ group: { state, count, value, isCut, error, items } }: { group: ItemGroup }) {
  const [isOpen, setOpen] = useState(false);
  const named = isOpen ? items : items.slice(0, namedAtFirst);
  return (
    <Card withBorder padding="sm">
      <Group gap="sm" mb={6}>
        <Text fw={600}>{formatCount(count)}</Text>
        <StatusBadge state={state} bare />
        {error && (
          <Text size="sm" c="var(--tw-fail)">
            {error.code} {error.message}
          </Text>
        )}
      </Group>
      {value !== null && value !== undefined && (
        <Code block mah={220} style={{ overflow: 'auto' }} tabIndex={0}>
          {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
          {isCut && '…'}
        </Code>
      )}
      <Group gap={8} mt={6}>
        {named.map((item) => (
          <Link key={item.run} to="/runs/$id" params={{ id: item.run }} className={classes.item}>
            {item.label}
          </Link>
        ))}
        {!isOpen && items.length > namedAtFirst && (
          <Button variant="subtle" size="compact-xs" onClick={() => setOpen(true)}>
            {formatCount(items.length - namedAtFirst)} more
          </Button>
        )}
        {isOpen && count > items.length && <Text size="sm">and {formatCount(count - items.length)} more</Text>}
      </Group>
    </Card>
  );
}
