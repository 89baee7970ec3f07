import { Button, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { meQuery } from '../../../shared/session.ts';
import { ConfirmAddress } from '../ConfirmAddress.tsx';
import { PasswordDialog } from '../PasswordDialog.tsx';
import { ProfileCard } from '../ProfileCard.tsx';
import { SecurityCard } from '../SecurityCard.tsx';
import { SessionList } from '../SessionList.tsx';
import { SsoLinks } from '../SsoLinks.tsx';
import { TokenList } from '../TokenList.tsx';

export function ProfilePage() {
  const me = useQuery(meQuery);
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <PageHeader
        title="My profile"
        actions={
          <>
            <LinkButton variant="default" to="/profile/notifications">
              How I am told
            </LinkButton>
            <LinkButton variant="default" to="/profile/delegations">
              I am away
            </LinkButton>
            <Button variant="default" onClick={dialog.open}>
              Change my password
            </Button>
          </>
        }
      />
      {me.data && !me.data.emailVerified && <ConfirmAddress email={me.data.email} />}
      {opened && <PasswordDialog onClose={dialog.close} />}
      <ProfileCard />
      <Title order={2} mb="xs">
        Security
      </Title>
      <SecurityCard />
      <SsoLinks />
      <Title order={2} mb="xs">
        Sessions
      </Title>
      <SessionList />
      <TokenList />
    </>
  );
}
