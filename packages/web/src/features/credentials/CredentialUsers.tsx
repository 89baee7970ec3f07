import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CredentialUsage } from '@tidewheel/contract/routes/credentials';
import { Loaded } from '../../shared/Loaded.tsx';
import split from '../../shared/Split.module.css';
import { Time } from '../../shared/Time.tsx';
import classes from './CredentialUsers.module.css';
import { credentialUsageQuery } from './credentials.queries.ts';

/** The connections and flows that use a credential, and the run that opened it last. */
export function CredentialUsers({ slug }: { slug: string }) {
  const query = useQuery(credentialUsageQuery(slug));
  return (
    <section className={`tw-card ${split['card']}`} aria-label="Used by">
      <Title order={2}>Used by</Title>
      <Loaded query={query} lines={3}>
        {({ connections, targets, flows }) =>
          connections.length + targets.length === 0 ? (
            <Text size="sm" c="dimmed" mt={4}>
              No connection and no host uses it.
            </Text>
          ) : (
            <ul className={classes['users']}>
              {connections.map((connection) => (
                <li key={connection.slug}>
                  <Link to="/connections/$slug" params={{ slug: connection.slug }}>
                    {connection.title}
                  </Link>
                  <LastUse use={connection} />
                </li>
              ))}
              {targets.map((target) => (
                <li key={target.name}>
                  Host{' '}
                  <Link to="/targets/$target" params={{ target: target.name }}>
                    {target.name}
                  </Link>
                  <LastUse use={target} />
                </li>
              ))}
              {flows.map((flow) => (
                <li key={flow.slug}>
                  Flow{' '}
                  <Link to="/flows/$slug" params={{ slug: flow.slug }}>
                    {flow.title}
                  </Link>{' '}
                  by {flow.connections.join(', ')}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function LastUse({ use: { lastUsedAt, lastRun } }: { use: Pick<CredentialUsage['connections'][number], 'lastUsedAt' | 'lastRun'> }) {
  if (lastUsedAt === null)
    return (
      <Text size="sm" c="dimmed">
        not used yet
      </Text>
    );
  return (
    <Text size="sm" c="dimmed">
      used <Time at={lastUsedAt} relative />
      {lastRun && (
        <>
          {' '}
          by{' '}
          <Link to="/runs/$id" params={{ id: lastRun.id }}>
            {lastRun.flow} #{lastRun.number}
          </Link>
        </>
      )}
    </Text>
  );
}
