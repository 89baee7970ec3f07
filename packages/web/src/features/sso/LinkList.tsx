import { Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { removeSsoLink } from '@tidewheel/client/routes';
import type { SsoLink } from '@tidewheel/contract/routes/sso';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { PagedList } from '../../shared/PagedList.tsx';
import { Time } from '../../shared/Time.tsx';
import { linksQuery } from './sso.queries.ts';

/** Who at the provider is which account. */
export function LinkList({ slug }: { slug: string }) {
  const query = useInfiniteQuery(linksQuery(slug));
  const columns: TableColumn<SsoLink>[] = [
    {
      key: 'user',
      title: 'Account',
      isHead: true,
      render: ({ user }) => (
        <>
          {user.name}
          <Text size="xs" c="dimmed">
            {user.email}
          </Text>
        </>
      ),
    },
    { key: 'there', title: 'At the provider', isWide: true, render: (link) => <span style={{ overflowWrap: 'anywhere' }}>{link.email ?? link.subject}</span> },
    { key: 'subject', title: 'Subject', isWide: true, render: (link) => <code style={{ overflowWrap: 'anywhere' }}>{link.subject}</code> },
    { key: 'last', title: 'Last sign-in', render: (link) => (link.lastSignInAt ? <Time at={link.lastSignInAt} relative /> : 'never') },
    { key: 'end', title: '', align: 'right', render: (link) => <Unlink slug={slug} link={link} /> },
  ];
  return (
    <PagedList
      label="Linked accounts"
      query={query}
      columns={columns}
      rowKey={(link) => link.subject}
      empty={
        <EmptyState icon={IconUsers} title="Nobody is linked yet">
          An account is linked at the first sign-in through this provider, or by its owner on the profile page.
        </EmptyState>
      }
      one="account"
      many="accounts"
    />
  );
}

function Unlink({ slug, link }: { slug: string; link: SsoLink }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.call(removeSsoLink, { params: { slug, user: link.user.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sso'] }),
  });
  const text = `${link.user.email} no longer signs in as this person of the provider, and the sessions made so end. Another person with the same address may be linked then.`;
  return (
    <ConfirmButton size="xs" ask={{ title: 'End the link?', text, confirm: 'End it', isDanger: true }} mutation={remove}>
      End the link
    </ConfirmButton>
  );
}
