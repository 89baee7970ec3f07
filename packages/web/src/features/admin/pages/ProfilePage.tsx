import { Button, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { PairList } from '../../../shared/PairList.tsx';
import { meQuery } from '../../../shared/session.ts';
import { roleChoices } from '../admin.queries.ts';
import { ConfirmAddress } from '../ConfirmAddress.tsx';
import { PasswordDialog } from '../PasswordDialog.tsx';
import { SecondFactorCard } from '../SecondFactorCard.tsx';
import { SessionList } from '../SessionList.tsx';
import { TokenList } from '../TokenList.tsx';

export function ProfilePage() {
  const me = useQuery(meQuery);
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <PageHeader
        title="My profile"
        actions={
          <Button variant="default" onClick={dialog.open}>
            Change my password
          </Button>
        }
      />
      {me.data && !me.data.emailVerified && <ConfirmAddress email={me.data.email} />}
      {opened && <PasswordDialog onClose={dialog.close} />}
      <section className="tw-card" style={{ padding: '8px 16px', maxWidth: 560, marginBottom: 24 }}>
        <Loaded query={me} lines={3}>
          {(person) => (
            <PairList
              pairs={[
                ['Name', person.name],
                ['E-mail', person.email],
                ['Role', roleChoices.find((choice) => choice.value === person.role)?.label],
                ['Workspace', person.workspace.title],
              ]}
            />
          )}
        </Loaded>
      </section>
      <Title order={2} mb="xs">
        Second factor
      </Title>
      <SecondFactorCard />
      <Title order={2} mb="xs">
        Sessions
      </Title>
      <SessionList />
      <TokenList />
    </>
  );
}
