import { Button, Group, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { Loaded } from '../../shared/Loaded.tsx';

interface Named {
  slug: string;
  content: { title: string };
}

interface NamedTabProps<T extends Named> {
  label: string;
  add: string;
  query: UseQueryResult<T[]>;
  columns: TableColumn<T>[];
  canEdit: boolean;
  /** Null: there is nothing to take away. */
  remove: (one: T) => ReactNode;
  dialog: (one: T | null, onClose: () => void) => ReactNode;
}

/** What is kept under a name and changed in a dialog: a list with its buttons. */
export function NamedTab<T extends Named>({ label, add, query, columns, canEdit, remove, dialog }: NamedTabProps<T>) {
  const [opened, setOpened] = useState<T | 'new' | null>(null);
  const actions: TableColumn<T> = actionsColumn({ onChange: setOpened, remove });
  return (
    <>
      {canEdit && (
        <Group mb="sm">
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpened('new')}>
            {add}
          </Button>
        </Group>
      )}
      <div className="tw-card">
        <Loaded query={query}>
          {(rows) => <DataTable label={label} columns={canEdit ? [...columns, actions] : columns} rows={rows} rowKey={(one) => one.slug} />}
        </Loaded>
      </div>
      {opened && dialog(opened === 'new' ? null : opened, () => setOpened(null))}
    </>
  );
}

export function actionsColumn<T extends Named>({ onChange, remove }: { onChange: (one: T) => void; remove: (one: T) => ReactNode }): TableColumn<T> {
  return {
    key: 'actions',
    title: 'Actions',
    align: 'right',
    isWide: true,
    render: (one) => (
      <Group gap={6} justify="flex-end">
        <Button size="compact-xs" variant="default" onClick={() => onChange(one)} aria-label={`Change ${one.content.title}`}>
          Change
        </Button>
        {remove(one)}
      </Group>
    ),
  };
}

/** Its title, and below it its name and what is to be said of it. */
export function NamedHead({ title, slug, note = '' }: { title: string; slug: string; note?: string }) {
  return (
    <>
      <Text component="span" size="sm" fw={600}>
        {title}
      </Text>
      <Text size="xs" c="dimmed">
        {slug}
        {note}
      </Text>
    </>
  );
}

/** What is wrong with the name of something new: saving it would change the one that has it. */
export function takenFault(all: readonly { slug: string }[] | undefined, slug: string): string | null {
  return all?.some((one) => one.slug === slug) ? `There is "${slug}" already: change that one, or take another name` : null;
}

interface RemoveButtonProps {
  title: string;
  verb: 'Remove' | 'Reset' | 'Archive';
  ask: string;
  text: string;
  call: () => Promise<unknown>;
  /** What is read again afterwards. */
  queryKey: readonly unknown[];
}

export function RemoveButton({ title, verb, ask, text, call, queryKey }: RemoveButtonProps) {
  const queries = useQueryClient();
  const remove = useMutation({ mutationFn: call, onSuccess: () => queries.invalidateQueries({ queryKey }) });
  return (
    <ConfirmButton size="compact-xs" ask={{ title: ask, text, confirm: verb, isDanger: true }} mutation={remove} aria-label={`${verb} ${title}`}>
      {verb}
    </ConfirmButton>
  );
}
