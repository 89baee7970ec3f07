import { Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Trigger } from '@tidewheel/contract/trigger';
import type { ReactNode } from 'react';
import { CopyText } from '../../shared/CopyText.tsx';
import { PairList } from '../../shared/PairList.tsx';
import { Time } from '../../shared/Time.tsx';

/** How it is, and what it starts. */
export function TriggerState({ trigger }: { trigger: Trigger }) {
  const { failing, secret } = trigger;
  const looks = trigger.kind !== 'webhook' && trigger.kind !== 'flow';
  return (
    <section className="tw-card" style={{ padding: '16px 20px' }} aria-label="State">
      <Title order={2} size="h3" mb="xs">
        State
      </Title>
      {failing && (
        <Text size="sm" c="var(--tw-fail)" mb="xs">
          It cannot look since <Time at={failing.since} relative /> ({failing.times} {failing.times === 1 ? 'time' : 'times'}): {failing.error.message}
          {failing.error.hint && ` ${failing.error.hint}`}
        </Text>
      )}
      {trigger.note && (
        <Text size="sm" mb="xs">
          {trigger.note}
        </Text>
      )}
      <PairList
        pairs={[
          [
            'Starts',
            <Link key="flow" to="/flows/$slug" params={{ slug: trigger.flow }} search={{}}>
              {trigger.flowTitle}
            </Link>,
          ],
          ['In the name of', trigger.owner ?? 'somebody'],
          ...(trigger.url ? [['Address', <CopyText key="url" value={trigger.url} label="the address" />] as [string, ReactNode]] : []),
          ...(trigger.kind === 'webhook' ? [['Secret', <SecretText key="secret" secret={secret} />] as [string, ReactNode]] : []),
          ...(looks
            ? ([
                ['Last look', <Time key="last" at={trigger.lastLookAt} relative />],
                ['Next look', <Time key="next" at={trigger.nextLookAt} relative />],
              ] as [string, ReactNode][])
            : []),
          ['Last fired', <Time key="fired" at={trigger.lastFiredAt} relative />],
        ]}
      />
      <Text size="sm" mt="xs">
        <Link to="/runs" search={{ trigger: trigger.slug }}>
          Runs that it started
        </Link>
      </Text>
    </section>
  );
}

function SecretText({ secret }: { secret: Trigger['secret'] }) {
  if (!secret) return 'none yet: it refuses what comes';
  return (
    <>
      set <Time at={secret.setAt} relative />
      {secret.previousUntil && (
        <>
          ; the one before counts until <Time at={secret.previousUntil} />
        </>
      )}
    </>
  );
}
