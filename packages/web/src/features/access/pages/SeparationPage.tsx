import { Button, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowsSplit2, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { removeSeparation } from '@tidewheel/client/routes';
import type { Separation } from '@tidewheel/contract/routes/separations';
import { permissionWords } from '../../../shared/access/permission-words.ts';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { AccessTabs } from '../AccessTabs.tsx';
import { separationsQuery, violationsQuery } from '../access.queries.ts';
import { SeparationDialog } from '../SeparationDialog.tsx';
import { ViolationTable } from '../ViolationTable.tsx';

export function SeparationPage() {
  const canEdit = useCan('role.edit');
  const separations = useQuery(separationsQuery);
  const violations = useQuery(violationsQuery);
  const [opened, dialog] = useDisclosure(false);
  const columns: TableColumn<Separation>[] = [
    { key: 'title', title: 'Title', isHead: true, render: (one) => <Text fw={600}>{one.title}</Text> },
    { key: 'one', title: 'Who may do one of these', isWide: true, render: ({ one }) => one.map((permission) => permissionWords[permission]).join(', ') },
    { key: 'other', title: 'may do none of those', isWide: true, render: ({ other }) => other.map((permission) => permissionWords[permission]).join(', ') },
    { key: 'by', title: 'By', isWide: true, render: (one) => one.createdBy },
    { key: 'remove', title: 'Actions', align: 'right', render: (one) => canEdit && <Remove separation={one} /> },
  ];
  const create = canEdit && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
      Keep duties apart
    </Button>
  );
  return (
    <>
      <PageHeader title="Roles and access" actions={create} />
      <AccessTabs here="/admin/separation" />
      <section className="tw-card">
        <Loaded query={separations}>
          {(all) =>
            all.length === 0 ? (
              <EmptyState icon={IconArrowsSplit2} title="Nothing is kept apart">
                Whoever makes a change should not be the one who releases it. Name two sets of permissions, and nobody gets both: by no role, grant or
                delegation.
              </EmptyState>
            ) : (
              <DataTable label="Separations of duties" columns={columns} rows={all} rowKey={(one) => one.id} />
            )
          }
        </Loaded>
      </section>
      {violations.data && violations.data.length > 0 && (
        <>
          <Title order={2} mt="lg" mb="xs">
            Who holds both now
          </Title>
          <section className="tw-card">
            <ViolationTable violations={violations.data} />
          </section>
        </>
      )}
      {opened && <SeparationDialog onClose={dialog.close} />}
    </>
  );
}

function Remove({ separation: { id, title } }: { separation: Separation }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.call(removeSeparation, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['separations'] }),
  });
  const ask = { title: `Keep them apart no more?`, text: `"${title}" is then refused no more.`, confirm: 'Remove', isDanger: true };
  return (
    <ConfirmButton size="xs" ask={ask} mutation={remove} aria-label={`Remove ${title}`}>
      Remove
    </ConfirmButton>
  );
}
