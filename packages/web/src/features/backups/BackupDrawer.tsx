import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { compareBackup, downloadBackup, removeBackup, verifyBackup } from '@tidewheel/client/routes';
import type { Backup } from '@tidewheel/contract/backup';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { CopyText } from '../../shared/CopyText.tsx';
import { DownloadButton } from '../../shared/DownloadButton.tsx';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { formatBytes } from '../../shared/format.ts';
import { Loaded } from '../../shared/Loaded.tsx';
import { announce } from '../../shared/notify.ts';
import { PairList } from '../../shared/PairList.tsx';
import { SideDrawer } from '../../shared/SideDrawer.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { Time } from '../../shared/Time.tsx';
import { BackupComparison } from './BackupComparison.tsx';
import { badgeOf, leftOutWords, originWords, scopeWords } from './backup-words.ts';
import { backupQuery, backupsKey } from './backups.queries.ts';
import { RestoreButton } from './RestoreButton.tsx';

/** One backup: what is known of it, and what can be done with it. */
export function BackupDrawer({ number, onClose }: { number: number; onClose: () => void }) {
  const query = useQuery(backupQuery(number));
  return (
    <SideDrawer title={`Backup ${number}`} onClose={onClose}>
      <Loaded query={query}>{(backup) => <BackupView backup={backup} onClose={onClose} />}</Loaded>
    </SideDrawer>
  );
}

function BackupView({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const [passphrase, setPassphrase] = useState('');
  const body = passphrase === '' ? {} : { passphrase };
  return (
    <Stack>
      <BackupFacts backup={backup} />
      {backup.error && (
        <Text size="sm">
          {backup.error.message} {backup.error.hint}
        </Text>
      )}
      {backup.damage && (
        <Text size="sm" role="alert">
          {backup.damage} Take another backup.
        </Text>
      )}
      {backup.encrypted && backup.state === 'ready' && (
        <PasswordInput
          label="Passphrase"
          description="Needed to look into it; it is kept nowhere. Without it Verify compares the size and SHA-256 of the file with those that were kept."
          autoComplete="off"
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
        />
      )}
      {backup.state === 'ready' && <BackupWork backup={backup} body={body} />}
      {backup.state !== 'making' && <RemoveBackup backup={backup} onDone={onClose} />}
    </Stack>
  );
}

function BackupFacts({ backup }: { backup: Backup }) {
  const { place, verified, restored } = backup;
  return (
    <PairList
      pairs={[
        ['Title', backup.title],
        ['State', <StatusBadge key="state" bare {...badgeOf(backup)} />],
        ['What', `${scopeWords[backup.scope]}${backup.encrypted ? ', encrypted' : ''}`],
        ['Shows', <Time key="made" at={backup.madeAt} />],
        ['Made', `by ${backup.createdBy}, ${originWords[backup.origin]}${backup.flow === null ? '' : ` ${backup.flow}`}`],
        ['Where', place ? `${place.connection}${place.path === '' ? '' : `/${place.path}`}` : 'kept by this server'],
        ['Size', backup.size === null ? '–' : formatBytes(backup.size)],
        ['In it', backup.rows === null ? 'known once it was verified' : `${backup.rows} rows, ${backup.files ?? 0} files`],
        ...(backup.sha256 === null ? [] : [['SHA-256', <CopyText key="sha" value={backup.sha256} label="SHA-256" short={12} />] as [string, React.ReactNode]]),
        ['Not in it', leftOutWords[backup.scope]],
        ['Verified', verified ? <VerifiedText key="verified" verified={verified} /> : 'not yet'],
        ...(restored
          ? [
              [
                'Restored',
                <span key="restored">
                  {restored.by}, <Time at={restored.at} />
                </span>,
              ] as [string, React.ReactNode],
            ]
          : []),
      ]}
    />
  );
}

function VerifiedText({ verified }: { verified: NonNullable<Backup['verified']> }) {
  if (verified.fault !== null) return <StatusBadge bare state="failed" label={verified.fault} />;
  if (!verified.opened)
    return (
      <>
        Its file has the size and SHA-256 that were kept, <Time at={verified.at} relative />; it was not opened
      </>
    );
  return (
    <>
      {verified.rows} rows of {verified.tables} kinds and {verified.files} files were the same, <Time at={verified.at} relative />
    </>
  );
}

/** Verify, compare, restore. */
function BackupWork({ backup, body }: { backup: Backup; body: { passphrase?: string } }) {
  const queries = useQueryClient();
  const params = { backup: backup.number };
  const verify = useMutation({
    mutationFn: () => api.call(verifyBackup, { params, body }),
    onSuccess: async ({ backup: { verified } }) => {
      await queries.invalidateQueries({ queryKey: backupsKey });
      const whole =
        verified?.opened === false
          ? 'Its file is as it was made. What is in it takes the passphrase.'
          : 'It holds: what was restored into the scratch workspace is the same.';
      announce(verified?.fault ?? whole);
    },
  });
  const compare = useMutation({ mutationFn: () => api.call(compareBackup, { params, body }) });
  const isClosed = backup.encrypted && body.passphrase === undefined;
  return (
    <>
      <Group gap="xs">
        <Button variant="default" size="xs" loading={verify.isPending} onClick={() => verify.mutate()}>
          Verify
        </Button>
        <Button size="xs" loading={compare.isPending} disabled={isClosed} onClick={() => compare.mutate()}>
          Compare with now
        </Button>
        <DownloadButton href={api.addressOf(downloadBackup, { params })} fileName={backup.fileName} />
      </Group>
      {verify.error && <ErrorNotice error={verify.error} />}
      {compare.error && <ErrorNotice error={compare.error} />}
      {compare.data && (
        <>
          <BackupComparison backup={backup.number} body={body} difference={compare.data} />
          <RestoreButton backup={backup} body={body} difference={compare.data} onDone={() => compare.reset()} />
        </>
      )}
    </>
  );
}

function RemoveBackup({ backup, onDone }: { backup: Backup; onDone: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.call(removeBackup, { params: { backup: backup.number } }),
    onSuccess: async () => {
      onDone();
      await queries.invalidateQueries({ queryKey: backupsKey });
    },
  });
  const ask = {
    title: `Delete backup ${backup.number}?`,
    text: 'Its file is deleted too, wherever it lies. It cannot be brought back.',
    confirm: 'Delete',
    isDanger: true,
  };
  return (
    <div>
      <ConfirmButton size="xs" ask={ask} mutation={remove}>
        Delete
      </ConfirmButton>
    </div>
  );
}
