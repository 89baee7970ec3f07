import { Alert, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { TargetDetail } from '@tidewheel/contract/target';
import type { ReactNode } from 'react';
import { Loaded } from '../../shared/Loaded.tsx';
import { PairList } from '../../shared/PairList.tsx';
import classes from '../../shared/Split.module.css';
import { TestChecks } from '../../shared/TestChecks.tsx';
import { Time } from '../../shared/Time.tsx';
import { RelationGraph } from './RelationGraph.tsx';
import { relationsQuery } from './targets.queries.ts';

/** What is known of a host: how its last test went, what it leads to, its facts. */
export function TargetOverview({ target }: { target: TargetDetail }) {
  const facts = Object.entries({ ...target.found, ...target.facts });
  return (
    <>
      {target.maintenance && (
        <Alert color="orange" variant="light" mb="md" title={target.maintenance.isActive ? 'In maintenance' : 'Maintenance is planned'}>
          {target.maintenance.reason} ({target.maintenance.by}), from <Time at={target.maintenance.from} />{' '}
          {target.maintenance.until ? (
            <>
              until <Time at={target.maintenance.until} />
            </>
          ) : (
            'until somebody ends it'
          )}
        </Alert>
      )}
      <div className={classes['split']}>
        <div className={classes['side']}>
          <section className={`tw-card ${classes['card']}`} aria-label="Last contact">
            <Title order={2}>Last contact</Title>
            <PairList pairs={contactPairs(target)} />
          </section>
          <section className={`tw-card ${classes['card']}`} aria-label="Last test">
            <Title order={2}>Last test</Title>
            {target.testedAt && target.lastTest ? (
              <>
                <Text size="sm" c="dimmed">
                  <Time at={target.testedAt} relative /> by {target.testedBy}
                </Text>
                <TestChecks result={target.lastTest} failed="The host cannot be used" />
              </>
            ) : (
              <Text size="sm" c="dimmed" mt={4}>
                It was not tested yet, or not since it was changed.
              </Text>
            )}
          </section>
          <section className={`tw-card ${classes['card']}`} aria-label="Facts">
            <Title order={2}>Facts</Title>
            {target.foundAt && (
              <Text size="sm" c="dimmed">
                Found out on the host <Time at={target.foundAt} relative />
              </Text>
            )}
            {facts.length === 0 ? (
              <Text size="sm" c="dimmed" mt={4}>
                Nothing is known yet: find out on the host, or write it down in the settings.
              </Text>
            ) : (
              <PairList pairs={facts.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)])} />
            )}
          </section>
          <section className={`tw-card ${classes['card']}`} aria-label="Relations">
            <Title order={2}>Relations</Title>
            <Relation title="Is reached through" hosts={target.via ? [target.via] : []} none="It is reached directly." />
            <Relation title="Depends on" hosts={target.dependsOn} />
            <Relation title="Is needed by" hosts={target.neededBy} />
            <Relation title="Is the way in for" hosts={target.jumpFor} />
            {hasRelations(target) && target.archivedAt === null && <Drawing host={target.name} />}
          </section>
        </div>
        <div className={classes['side']}>
          <section className={`tw-card ${classes['card']}`} aria-label="About">
            <Title order={2}>About</Title>
            <PairList pairs={about(target)} />
          </section>
        </div>
      </div>
    </>
  );
}

function hasRelations({ via, dependsOn, neededBy, jumpFor }: TargetDetail): boolean {
  return via !== null || dependsOn.length + neededBy.length + jumpFor.length > 0;
}

/** Two steps around, so that it shows more than the lists above. */
function Drawing({ host }: { host: string }) {
  const around = useQuery(relationsQuery(host, 2));
  return (
    <div style={{ marginTop: 12 }}>
      <Loaded query={around}>{(found) => <RelationGraph around={found} leadsTo="host" />}</Loaded>
      <Link to="/target-relations" search={{ host }}>
        Look around further
      </Link>
    </div>
  );
}

function contactPairs({ contact, seenAt, lastFailure }: TargetDetail): [string, ReactNode][] {
  const when = (at: string, by: string) => (
    <>
      <Time at={at} relative /> by {by}
    </>
  );
  const seen = seenAt && <Time at={seenAt} relative />;
  return [
    [
      'Last attempt',
      contact ? (
        <>
          {when(contact.at, contact.by)}, {contact.ok ? 'reached' : 'not reached'}
        </>
      ) : (
        'None yet: neither a test nor a step'
      ),
    ],
    ['Reached last', seen ?? '–'],
    ['Failed last', lastFailure ? when(lastFailure.at, lastFailure.by) : '–'],
    ...(lastFailure ? [['Why', lastFailure.why] satisfies [string, ReactNode]] : []),
  ];
}

function about(target: TargetDetail): [string, ReactNode][] {
  const groups = target.allGroups.map(({ slug, title, isDynamic }, at) => (
    <span key={slug}>
      {at > 0 && ', '}
      <Link to="/targets" search={{ group: slug }}>
        {title}
      </Link>
      {isDynamic && ' (by its query)'}
    </span>
  ));
  const credential = target.credential && (
    <Link to="/credentials/$slug" params={{ slug: target.credential }}>
      {target.credential}
    </Link>
  );
  return [
    ['Address', target.address],
    ['System', target.os === 'linux' ? 'Linux' : 'Windows'],
    ['Reached by', target.transport],
    ['Credential', credential ?? '–'],
    ['Category', target.category ?? '–'],
    ['Tags', target.tags.join(', ') || '–'],
    ['Groups', groups.length > 0 ? groups : '–'],
    ['Description', target.description || '–'],
  ];
}

function Relation({ title, hosts, none }: { title: string; hosts: string[]; none?: string }) {
  if (hosts.length === 0)
    return none ? (
      <Text size="sm" c="dimmed" mt={4}>
        {none}
      </Text>
    ) : null;
  return (
    <div style={{ marginTop: 8 }}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {hosts.map((name) => (
          <li key={name}>
            <Link to="/targets/$target" params={{ target: name }}>
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
