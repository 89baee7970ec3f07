import { Button, Code, Group, Modal, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { updateRole } from '@tidewheel/client/routes';
import type { Mask, Rule } from '@tidewheel/contract/access';
import type { RoleHolders, RoleInfo } from '@tidewheel/contract/routes/access';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { announce } from '../../shared/notify.ts';
import { holdersQuery } from './access.queries.ts';
import { differences } from './rule-text.ts';

export interface RoleDraft {
  title: string;
  description: string;
  rules: Rule[];
  masks: Mask[];
}

/** What changes and whom it concerns, before it is saved. */
export function SaveRoleDialog({ role, draft, onClose }: { role: RoleInfo; draft: RoleDraft; onClose: () => void }) {
  const queries = useQueryClient();
  const holders = useQuery(holdersQuery(role.slug));
  const { gone, come } = differences(role, draft);
  const save = useMutation({
    mutationFn: () => api.call(updateRole, { params: { slug: role.slug }, body: { ...draft, revision: role.revision } }),
    onSuccess: async (saved) => {
      announce(`The role ${saved.title} is changed.`);
      await Promise.all([queries.invalidateQueries({ queryKey: ['roles'] }), queries.invalidateQueries({ queryKey: ['me'] })]);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Change the role ${role.title}?`} size="lg">
      <Stack>
        <section>
          <Title order={3} mb={4}>
            What changes
          </Title>
          <Lines sign="−" lines={gone} />
          <Lines sign="+" lines={come} />
        </section>
        <section>
          <Title order={3} mb={4}>
            Whom it concerns
          </Title>
          <Loaded query={holders} lines={2}>
            {(known) => <Text size="sm">{holdersText(known)}</Text>}
          </Loaded>
        </section>
        {save.error && <ErrorNotice error={save.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Keep editing
          </Button>
          <Button loading={save.isPending} onClick={() => save.mutate()} data-autofocus>
            Save the role
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Lines({ sign, lines }: { sign: string; lines: string[] }) {
  return lines.map((line) => (
    <Code key={line} block mb={2}>
      {sign} {line}
    </Code>
  ));
}

export function holdersText({ members, memberCount, grants, invitations }: RoleHolders): string {
  if (memberCount + grants.length + invitations.length === 0) return 'Nobody has it now.';
  const named = members.slice(0, 5).map((member) => member.email);
  const rest = memberCount - named.length;
  const parts = [
    memberCount > 0 && `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
    grants.length > 0 && `by a grant: ${grants.map((grant) => grant.email).join(', ')}`,
    invitations.length > 0 && `invited: ${invitations.map((invitation) => invitation.email).join(', ')}`,
  ];
  return `Concerns ${parts.filter(Boolean).join('; ')}. A change holds from the next click on.`;
}
