import { Button, Group, MultiSelect, TagsInput, TextInput } from '@mantine/core';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { archiveTeam, saveTeam } from '@tidewheel/client/routes';
import type { Team } from '@tidewheel/contract/notify';
import { slugOf } from '@tidewheel/contract/slug';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { useRoleChoices } from '../../shared/roles.ts';
import { actionsColumn, RemoveButton, takenFault } from './NamedTab.tsx';
import { teamsQuery } from './notifications.queries.ts';

/** Named lists of recipients. */
export function TeamsTab({ canEdit }: { canEdit: boolean }) {
  const query = useQuery(teamsQuery);
  const [opened, setOpened] = useState<Team | 'new' | null>(null);
  const columns: TableColumn<Team>[] = [
    { key: 'title', title: 'Team', isHead: true, render: ({ content }) => content.title },
    { key: 'people', title: 'People', isWide: true, render: ({ content }) => [...content.people, ...content.addresses].join(', ') || '–' },
    { key: 'roles', title: 'Roles', render: ({ content }) => content.roles.join(', ') || '–' },
    ...(canEdit ? [actionsColumn<Team>({ onChange: setOpened, remove: (team) => <RemoveTeam team={team} /> })] : []),
  ];
  const add = canEdit && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpened('new')}>
      New team
    </Button>
  );
  return (
    <>
      <div className="tw-card">
        <Loaded query={query}>
          {(teams) =>
            teams.length === 0 ? (
              <EmptyState icon={IconUsersGroup} title="No teams yet" action={add}>
                A team is a list of people, roles and addresses that rules can name: the whole desk for a critical job.
              </EmptyState>
            ) : (
              <DataTable label="Teams" columns={columns} rows={teams} rowKey={(team) => team.slug} />
            )
          }
        </Loaded>
      </div>
      {query.data && query.data.length > 0 && <Group mt="sm">{add}</Group>}
      {opened && <TeamDialog team={opened === 'new' ? null : opened} onClose={() => setOpened(null)} />}
    </>
  );
}

const nobody: Team['content'] = { title: '', people: [], roles: [], addresses: [] };

function TeamDialog({ team, onClose }: { team: Team | null; onClose: () => void }) {
  const queries = useQueryClient();
  const roles = useRoleChoices();
  const [content, setContent] = useState(team?.content ?? nobody);
  const slug = team?.slug ?? slugOf(content.title);
  const all = useQuery(teamsQuery).data;
  const taken = team ? null : takenFault(all, slug);
  const set = (part: Partial<Team['content']>) => setContent((old) => ({ ...old, ...part }));
  const save = useMutation({
    mutationFn: () => api.call(saveTeam, { params: { slug }, body: content }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: teamsQuery.queryKey });
      onClose();
    },
  });
  return (
    <FormDialog title={team ? team.content.title : 'New team'} onClose={onClose} mutation={save} action="Save" disabled={slug === '' || taken !== null}>
      <TextInput
        label="Title"
        withAsterisk
        value={content.title}
        error={taken}
        onChange={(event) => set({ title: event.currentTarget.value })}
        data-autofocus
      />
      <TagsInput label="People" description="E-mail addresses of members" value={content.people} onChange={(people) => set({ people })} />
      <MultiSelect label="Roles" data={roles} value={content.roles} onChange={(names) => set({ roles: names })} />
      <TagsInput label="Other addresses" description="Of who has no account" value={content.addresses} onChange={(addresses) => set({ addresses })} />
    </FormDialog>
  );
}

function RemoveTeam({ team: { slug, content } }: { team: Team }) {
  return (
    <RemoveButton
      title={content.title}
      verb="Remove"
      ask={`Remove the team ${content.title}?`}
      text="The change log can bring it back."
      call={() => api.call(archiveTeam, { params: { slug } })}
      queryKey={teamsQuery.queryKey}
    />
  );
}
