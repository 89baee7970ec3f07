import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
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
        {({ connections, flows }) =>
          connections.length === 0 ? (
            <Text size="sm" c="dimmed" mt={4}>
              No connection uses it.
            </Text>
          ) : (
            <ul className={classes['users']}>
              {connections.map((connection) => (
                <li key={connection.slug}>
                  <Link to="/connections/$slug" params={{ slug: connection.slug }}>
                    {connection.title}
                  </Link>
                  <Text size="sm" c="dimmed">
                    {connection.lastUsedAt ? (
                      <>
                        used <Time at={connection.lastUsedAt} relative />
                        {connection.lastRun && (
                          <>
                            {' '}
                            by{' '}
                            <Link to="/runs/$id" params={{ id: connection.lastRun.id }}>
                              {connection.lastRun.flow} #{connection.lastRun.number}
                            </Link>
                          </>
                        )}
                      </>
                    ) : (
                      'not used yet'
                    )}
                  </Text>
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
