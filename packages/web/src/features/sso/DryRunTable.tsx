import { Badge, Group, Text } from '@mantine/core';
import type { DryRunPerson, MappedMembership } from '@tidewheel/contract/routes/sso';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';

const accounts: Record<DryRunPerson['account'], string> = {
  linked: 'is linked',
  would_link: 'would be linked',
  would_be_made: 'would be made',
  none: 'none',
};

const columns: TableColumn<DryRunPerson>[] = [
  {
    key: 'who',
    title: 'Who',
    isHead: true,
    render: (person) => (
      <>
        {person.user?.name ?? person.email ?? person.subject ?? 'without a name'}
        {person.user && (
          <Text size="xs" c="dimmed">
            {person.user.email}
          </Text>
        )}
      </>
    ),
  },
  { key: 'groups', title: 'Groups', isWide: true, render: (person) => <span style={{ overflowWrap: 'anywhere' }}>{person.groups.join(', ') || '–'}</span> },
  { key: 'account', title: 'Account', render: (person) => accounts[person.account] },
  { key: 'enters', title: 'Would sign in', render: (person) => <Enters person={person} /> },
  {
    key: 'roles',
    title: 'Roles',
    isWide: true,
    render: (person) => (person.memberships.length === 0 ? '–' : person.memberships.map((one) => <RoleLine key={one.workspace} one={one} />)),
  },
];

/** What a dry run found, those who lose something first. */
export function DryRunTable({ people, total }: { people: DryRunPerson[]; total: number }) {
  const losing = people.filter(({ losesAccess }) => losesAccess).length;
  const changing = people.filter((person) => person.memberships.some(isChange)).length;
  const sorted = people.toSorted((one, other) => weight(other) - weight(one));
  return (
    <>
      <Text role="status">
        {total === 0
          ? 'Nobody is linked yet: paste claims instead.'
          : `${people.length} of ${total} looked at: ${changing} with a change, ${losing} would lose access.`}
      </Text>
      {people.length > 0 && <DataTable label="Outcome of the dry run" columns={columns} rows={sorted} rowKey={(person) => rowKey(person, people)} />}
    </>
  );
}

const isChange = ({ change }: MappedMembership) => change === 'added' || change === 'changed' || change === 'removed';
const weight = (person: DryRunPerson) => (person.losesAccess ? 2 : person.memberships.some(isChange) ? 1 : 0);
const rowKey = (person: DryRunPerson, people: DryRunPerson[]) => `${person.subject ?? ''} ${people.indexOf(person)}`;

function Enters({ person: { refusal, losesAccess } }: { person: DryRunPerson }) {
  if (refusal === null) return 'yes';
  return (
    <>
      {losesAccess ? (
        <Text c="var(--tw-fail)" fw={600}>
          loses access
        </Text>
      ) : (
        'no'
      )}
      <Text size="xs" c="dimmed">
        {refusal.message}
      </Text>
    </>
  );
}

const deciders: Partial<Record<MappedMembership['change'], string>> = {
  by_hand: 'set by hand',
  last_administrator: 'kept: the last administrator',
};

function RoleLine({ one: { workspace, before, after, change, rule } }: { one: MappedMembership }) {
  const decider = deciders[change] ?? (rule === null ? 'no rule' : rule === 0 ? 'otherwise' : `rule ${rule}`);
  return (
    <Group gap={6} wrap="wrap">
      <Text span fw={600}>
        {workspace}
      </Text>
      <Text span>{before === after ? after : `${before ?? 'no role'} → ${after ?? 'no role'}`}</Text>
      {isChange({ workspace, before, after, change, rule }) && (
        <Badge size="sm" variant="outline" color={change === 'removed' ? 'red' : 'blue'}>
          {change}
        </Badge>
      )}
      <Text span size="xs" c="dimmed">
        {decider}
      </Text>
    </Group>
  );
}
