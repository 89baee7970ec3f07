import { Badge, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Target } from '@tidewheel/contract/target';
import { type Selection, selectColumns } from '../../shared/bulk/select-column.tsx';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { Time } from '../../shared/Time.tsx';
import { TargetStatus } from './TargetStatus.tsx';

const systems = { linux: 'Linux', windows: 'Windows' };

export function targetColumns(selection: Selection): TableColumn<Target>[] {
  return [
    ...selectColumns<Target>(({ name }) => name, selection),
    {
      key: 'name',
      title: 'Host',
      isHead: true,
      render: (target) => (
        <>
          <Link to="/targets/$target" params={{ target: target.archivedAt ? target.id : target.name }} style={{ fontWeight: 600 }}>
            {target.name}
          </Link>
          {(target.title !== target.name || target.address !== target.name) && (
            <Text size="xs" c="dimmed">
              {[target.title, target.address].filter((text) => text !== target.name).join(' · ')}
            </Text>
          )}
        </>
      ),
    },
    { key: 'state', title: 'State', render: (target) => <TargetStatus state={target.state} bare /> },
    { key: 'os', title: 'System', render: (target) => `${systems[target.os]}, ${target.transport}` },
    { key: 'category', title: 'Category', render: (target) => target.category ?? '–' },
    { key: 'tags', title: 'Tags', isWide: true, render: (target) => (target.tags.length === 0 ? '–' : <Tags tags={target.tags} />) },
    {
      key: 'contact',
      title: 'Last contact',
      render: ({ contact, seenAt }) =>
        contact === null ? (
          '–'
        ) : (
          <>
            <Time at={contact.at} relative />
            {!contact.ok && (
              <Text size="xs" c="dimmed" lineClamp={1} title={contact.failed ?? undefined}>
                {seenAt ? (
                  <>
                    Reached <Time at={seenAt} relative />
                  </>
                ) : (
                  'Never reached'
                )}
              </Text>
            )}
          </>
        ),
    },
  ];
}

function Tags({ tags }: { tags: string[] }) {
  return (
    <Group gap={4}>
      {tags.slice(0, 4).map((tag) => (
        <Badge key={tag} variant="default" size="sm" tt="none">
          {tag}
        </Badge>
      ))}
      {tags.length > 4 && <Text size="xs">and {tags.length - 4} more</Text>}
    </Group>
  );
}
