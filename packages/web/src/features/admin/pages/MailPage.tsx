import { Text, Title } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { OutboxMail } from '@tidewheel/contract/routes/mail';
import type { TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { StatusBadge } from '../../../shared/StatusBadge.tsx';
import { Time } from '../../../shared/Time.tsx';
import { mailSettingsQuery, outboxQuery } from '../admin.queries.ts';
import { MailForm } from '../MailForm.tsx';
import { MailTest } from '../MailTest.tsx';

const columns: TableColumn<OutboxMail>[] = [
  {
    key: 'subject',
    title: 'Mail',
    isHead: true,
    render: (mail) => (
      <>
        {mail.subject}
        {mail.error && (
          <Text size="xs" c="var(--tw-fail)">
            {mail.error}
          </Text>
        )}
      </>
    ),
  },
  { key: 'to', title: 'To', render: (mail) => mail.to },
  { key: 'state', title: 'State', render: (mail) => <StatusBadge state={mail.state} bare /> },
  { key: 'attempts', title: 'Attempts', align: 'right', render: (mail) => mail.attempts },
  { key: 'next', title: 'Next attempt', render: (mail) => <Time at={mail.nextAttemptAt} relative /> },
  { key: 'at', title: 'Written', render: (mail) => <Time at={mail.createdAt} relative /> },
];

/** The mail server of the installation, a test of it, and what was sent. */
export function MailPage() {
  const settings = useQuery(mailSettingsQuery);
  const outbox = useInfiniteQuery(outboxQuery);
  return (
    <>
      <PageHeader title="Mail" facts={settings.data && !settings.data.configured && <span>Mail is not configured: nothing is sent.</span>} />
      <section className="tw-card" style={{ padding: 16, maxWidth: 760, marginBottom: 24 }}>
        <Loaded query={settings}>{({ server }) => <MailForm key={server?.updatedAt ?? 'none'} server={server} />}</Loaded>
      </section>
      {settings.data?.configured && (
        <section className="tw-card" style={{ padding: 16, maxWidth: 760, marginBottom: 24 }}>
          <MailTest />
        </section>
      )}
      <Title order={2} mb="xs">
        Outbox
      </Title>
      <PagedList
        label="Mails"
        query={outbox}
        columns={columns}
        rowKey={(mail) => mail.id}
        empty={
          <EmptyState icon={IconMail} title="No mail yet">
            Invitations and links to reset a password are listed here with what became of them. A test mail is sent past this list.
          </EmptyState>
        }
        one="mail"
        many="mails"
      />
    </>
  );
}
