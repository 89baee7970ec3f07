import { Button, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { rulesQuery } from '../admin.queries.ts';
import { InvitationList } from '../InvitationList.tsx';
import { InviteDialog } from '../InviteDialog.tsx';
import { SignInRulesForm } from '../SignInRulesForm.tsx';
import { UserList } from '../UserList.tsx';

export function UsersPage() {
  const canEdit = useCan('user.edit');
  const rules = useQuery(rulesQuery);
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <PageHeader
        title="Users"
        actions={
          canEdit && (
            <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={dialog.open}>
              Invite a person
            </Button>
          )
        }
      />
      <UserList canEdit={canEdit} />
      <InvitationList canEdit={canEdit} />
      {canEdit && (
        <>
          <Title order={2} mt="lg" mb="xs">
            Rules of signing in
          </Title>
          <section className="tw-card" style={{ padding: 16, maxWidth: 860 }}>
            <Loaded query={rules}>{(loaded) => <SignInRulesForm rules={loaded} />}</Loaded>
          </section>
        </>
      )}
      {opened && <InviteDialog onClose={dialog.close} />}
    </>
  );
}
