import { Alert, Button, Group, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDeviceFloppy, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { deleteRole, resetRole } from '@tidewheel/client/routes';
import type { RoleInfo } from '@tidewheel/contract/routes/access';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import { HistoryLink } from '../../../shared/HistoryLink.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { holdersQuery, roleQuery } from '../access.queries.ts';
import { CreateRoleDialog } from '../CreateRoleDialog.tsx';
import { MaskList } from '../MaskList.tsx';
import { RuleCard } from '../RuleCard.tsx';
import { differences } from '../rule-text.ts';
import { holdersText, type RoleDraft, SaveRoleDialog } from '../SaveRoleDialog.tsx';

const route = getRouteApi('/app/admin/roles/$slug');

export function RolePage() {
  const { slug } = route.useParams();
  const role = useQuery(roleQuery(slug));
  return <Loaded query={role}>{(loaded) => <RoleEditor key={`${loaded.slug} ${loaded.revision} ${loaded.changed}`} role={loaded} />}</Loaded>;
}

/** A role to change: what it allows, on which objects, and what it keeps from its holders. */
function RoleEditor({ role }: { role: RoleInfo }) {
  const canEdit = useCan('role.edit') && !role.fixed;
  const holders = useQuery(holdersQuery(role.slug)).data;
  const [draft, setDraft] = useState<RoleDraft>({ title: role.title, description: role.description, rules: role.rules, masks: role.masks });
  const [saving, dialog] = useDisclosure(false);
  const set = (part: Partial<RoleDraft>) => setDraft({ ...draft, ...part });
  const { gone, come } = differences(role, draft);
  const isChanged = gone.length + come.length > 0;
  const isSound =
    draft.title.trim() !== '' && [...draft.rules, ...draft.masks].every(({ where }) => Object.values(where ?? {}).every((values) => values?.length));
  return (
    <>
      <PageHeader
        title={role.title}
        above={<Link to="/admin/roles">Roles</Link>}
        facts={
          <>
            <span className="tw-mono">{role.slug}</span>
            <span>{role.changed ? 'changed preset' : role.preset ? 'preset' : 'own role'}</span>
            <HistoryLink id={role.slug} />
          </>
        }
        actions={<RoleActions role={role} canEdit={canEdit} />}
      />
      {role.fixed && (
        <Alert mb="md" variant="light" title="It cannot be changed" styles={{ title: { color: 'var(--mantine-color-text)' } }}>
          So that somebody can always mend the other roles. Make a copy and change that.
        </Alert>
      )}
      {holders && (
        <Text size="sm" c="dimmed" mb="sm">
          {holdersText(holders)}
        </Text>
      )}
      <Stack>
        {canEdit && (
          <section className="tw-card" style={{ padding: 16 }}>
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
              <TextInput label="Title" required value={draft.title} onChange={(event) => set({ title: event.currentTarget.value })} />
              <TextInput label="What it is for" value={draft.description} onChange={(event) => set({ description: event.currentTarget.value })} />
            </SimpleGrid>
          </section>
        )}
        <Title order={2}>What it allows</Title>
        {draft.rules.map((rule, index) => (
          <RuleCard
            // biome-ignore lint/suspicious/noArrayIndexKey: a rule is known by its place only
            key={index}
            rule={rule}
            number={index + 1}
            disabled={!canEdit}
            onChange={(changed) => set({ rules: draft.rules.map((one, at) => (at === index ? changed : one)) })}
            onRemove={() => set({ rules: draft.rules.filter((_, at) => at !== index) })}
          />
        ))}
        {canEdit && (
          <Button
            variant="default"
            style={{ alignSelf: 'flex-start' }}
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => set({ rules: [...draft.rules, { effect: 'allow', permissions: [] }] })}
          >
            Add a rule
          </Button>
        )}
        <MaskList masks={draft.masks} disabled={!canEdit} onChange={(masks) => set({ masks })} />
        {canEdit && (
          <Group gap="xs">
            <Button leftSection={<IconDeviceFloppy size={16} aria-hidden />} disabled={!isChanged || !isSound} onClick={dialog.open}>
              Review and save
            </Button>
            {isChanged && (
              <Button variant="default" onClick={() => setDraft({ title: role.title, description: role.description, rules: role.rules, masks: role.masks })}>
                Discard the changes
              </Button>
            )}
          </Group>
        )}
      </Stack>
      {saving && <SaveRoleDialog role={role} draft={{ ...draft, rules: draft.rules.filter((rule) => rule.permissions.length > 0) }} onClose={dialog.close} />}
    </>
  );
}

function RoleActions({ role, canEdit }: { role: RoleInfo; canEdit: boolean }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mayMake = useCan('role.edit');
  const [copying, dialog] = useDisclosure(false);
  const refresh = () => Promise.all([queries.invalidateQueries({ queryKey: ['roles'] }), queries.invalidateQueries({ queryKey: ['me'] })]);
  const reset = useMutation({ mutationFn: () => api.call(resetRole, { params: { slug: role.slug } }), onSuccess: refresh });
  const remove = useMutation({
    mutationFn: () => api.call(deleteRole, { params: { slug: role.slug } }),
    onSuccess: async () => {
      await navigate({ to: '/admin/roles' });
      queries.removeQueries({ queryKey: ['roles', role.slug] });
      await refresh();
    },
  });
  return (
    <>
      {mayMake && (
        <Button variant="default" onClick={dialog.open}>
          Copy
        </Button>
      )}
      {canEdit && role.changed && (
        <ConfirmButton ask={{ title: `Reset ${role.title}?`, text: 'It gets the rules again that Tidewheel brings.', confirm: 'Reset' }} mutation={reset}>
          Reset
        </ConfirmButton>
      )}
      {canEdit && !role.preset && (
        <ConfirmButton
          ask={{ title: `Delete the role ${role.title}?`, text: 'It goes only when nobody and nothing holds it.', confirm: 'Delete', isDanger: true }}
          mutation={remove}
        >
          Delete
        </ConfirmButton>
      )}
      {copying && <CreateRoleDialog from={role.slug} onClose={dialog.close} />}
    </>
  );
}
