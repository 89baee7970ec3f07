import { Button, Group, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { revokeToken } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { DataTable } from '../../shared/DataTable.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { scopeText } from '../../shared/keys/scope-lines.ts';
import { Loaded } from '../../shared/Loaded.tsx';
import { Time } from '../../shared/Time.tsx';
import { tokensQuery } from './admin.queries.ts';
import { TokenDialog } from './TokenDialog.tsx';

/** My API tokens, for the command line and scripts. */
export function TokenList() {
  const tokens = useQuery(tokensQuery);
  const [opened, dialog] = useDisclosure(false);
  const create = (
    <Button size="xs" leftSection={<IconKey size={15} aria-hidden />} onClick={dialog.open}>
      New token
    </Button>
  );
  return (
    <section style={{ marginTop: 24 }}>
      <Group justify="space-between" mb="xs">
        <Title order={2}>API tokens</Title>
        {tokens.data && tokens.data.length > 0 && create}
      </Group>
      <div className="tw-card">
        <Loaded query={tokens} lines={2}>
          {(all) =>
            all.length === 0 ? (
              <EmptyState icon={IconKey} title="No API tokens" action={create}>
                A token lets the command line and scripts act as you.
              </EmptyState>
            ) : (
              <DataTable
                label="API tokens"
                rows={all}
                rowKey={(token) => token.id}
                columns={[
                  { key: 'title', title: 'Token', isHead: true, render: (token) => token.title },
                  { key: 'may', title: 'May', isWide: true, render: (token) => (token.scope === null ? 'All that you may' : scopeText(token.scope)) },
                  { key: 'made', title: 'Made', render: (token) => <Time at={token.createdAt} relative /> },
                  { key: 'used', title: 'Last used', render: (token) => <Time at={token.lastUsedAt} relative /> },
                  { key: 'until', title: 'Valid until', render: (token) => <Time at={token.expiresAt} /> },
                  { key: 'revoke', title: 'Actions', align: 'right', render: (token) => <RevokeToken id={token.id} title={token.title} /> },
                ]}
              />
            )
          }
        </Loaded>
      </div>
      {opened && <TokenDialog onClose={dialog.close} />}
    </section>
  );
}

function RevokeToken({ id, title }: { id: string; title: string }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.call(revokeToken, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
  return (
    <ConfirmButton
      size="xs"
      ask={{ title: `Revoke the token ${title}?`, text: 'Whatever uses it stops working at once.', confirm: 'Revoke', isDanger: true }}
      mutation={revoke}
      aria-label={`Revoke ${title}`}
    >
      Revoke
    </ConfirmButton>
  );
}
