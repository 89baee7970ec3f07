import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { InvitationList } from '../InvitationList.tsx';
import { InviteDialog } from '../InviteDialog.tsx';
import { UserList } from '../UserList.tsx';

export function UsersPage() {
  const canEdit = useCan('user.edit');
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
      {opened && <InviteDialog onClose={dialog.close} />}
    </>
  );
}
