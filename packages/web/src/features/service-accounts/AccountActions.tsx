import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { deleteServiceAccount, restoreServiceAccount, suspendServiceAccount } from '@tidewheel/client/routes';
import type { ServiceAccount } from '@tidewheel/contract/routes/service-accounts';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { AccountDialog } from './AccountDialog.tsx';
import { accountsQuery } from './service-accounts.queries.ts';

export function AccountActions({ account }: { account: ServiceAccount }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [opened, dialog] = useDisclosure(false);
  const params = { slug: account.slug };
  const isSuspended = account.suspendedAt !== null;
  const suspend = useMutation({
    mutationFn: () => (isSuspended ? api.call(restoreServiceAccount, { params }) : api.call(suspendServiceAccount, { params })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['service-accounts'] }),
  });
  const remove = useMutation({
    mutationFn: () => api.call(deleteServiceAccount, { params }),
    onSuccess: async () => {
      await navigate({ to: '/admin/service-accounts' });
      queries.removeQueries({ queryKey: ['service-accounts', account.slug] });
      await queries.invalidateQueries({ queryKey: accountsQuery.queryKey });
    },
  });
  const ask = isSuspended
    ? { title: `Restore ${account.title}?`, text: 'Its keys work again as before.', confirm: 'Restore' }
    : { title: `Suspend ${account.title}?`, text: 'Its keys stop working at once, until it is restored.', confirm: 'Suspend', isDanger: true };
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Change
      </Button>
      <ConfirmButton ask={ask} mutation={suspend}>
        {ask.confirm}
      </ConfirmButton>
      <ConfirmButton
        ask={{
          title: `Delete ${account.title}?`,
          text: 'Its keys and grants go with it, for good. The audit trail keeps what it did.',
          confirm: 'Delete',
          isDanger: true,
        }}
        mutation={remove}
      >
        Delete
      </ConfirmButton>
      {opened && <AccountDialog account={account} onClose={dialog.close} />}
    </>
  );
}
