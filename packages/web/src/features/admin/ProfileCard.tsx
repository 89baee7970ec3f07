import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { updateProfile } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { Loaded } from '../../shared/Loaded.tsx';
import { PairList } from '../../shared/PairList.tsx';
import { useRoleTitle } from '../../shared/roles.ts';
import { meQuery } from '../../shared/session.ts';
import { EmailDialog } from './EmailDialog.tsx';
import { NameDialog } from './NameDialog.tsx';

/** Who I am here, and what of it I change myself. */
export function ProfileCard() {
  const me = useQuery(meQuery);
  const roleTitle = useRoleTitle();
  const queries = useQueryClient();
  const [naming, nameDialog] = useDisclosure(false);
  const [mailing, emailDialog] = useDisclosure(false);
  const rename = async (name: string) => queries.setQueryData(meQuery.queryKey, await api.call(updateProfile, { body: { name } }));
  return (
    <section className="tw-card" style={{ padding: '8px 16px', maxWidth: 560, marginBottom: 24 }}>
      <Loaded query={me} lines={3}>
        {(person) => (
          <>
            <PairList
              pairs={[
                ['Name', person.name],
                ['E-mail', person.email],
                ['Role', roleTitle(person.role)],
                ['Workspace', person.workspace.title],
              ]}
            />
            <Group gap="xs" my={8}>
              <Button size="xs" variant="default" onClick={nameDialog.open}>
                Change my name
              </Button>
              <Button size="xs" variant="default" onClick={emailDialog.open}>
                Change my e-mail address
              </Button>
            </Group>
            {naming && <NameDialog title="Change my name" name={person.name} save={rename} onClose={nameDialog.close} />}
          </>
        )}
      </Loaded>
      {mailing && <EmailDialog onClose={emailDialog.close} />}
    </section>
  );
}
