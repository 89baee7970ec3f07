import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { Time } from '../../../shared/Time.tsx';
import { EgressCheck } from '../EgressCheck.tsx';
import { LimitsForm } from '../LimitsForm.tsx';
import { EgressForm, OriginsForm } from '../PlacesForm.tsx';
import { securityQuery } from '../security.queries.ts';

function Section({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <section className="tw-card" style={{ padding: 16, maxWidth: 820, marginBottom: 24 }}>
      <Title order={2}>{title}</Title>
      <Text size="sm" c="dimmed" mb="sm">
        {about}
      </Text>
      {children}
    </section>
  );
}

/** The limits of the surface, and the places that connections may reach. */
export function SecurityPage() {
  const settings = useQuery(securityQuery);
  const changed = settings.data?.updatedAt;
  return (
    <>
      <PageHeader
        title="Security"
        facts={
          changed && (
            <span>
              Changed <Time at={changed} relative /> by {settings.data?.updatedBy}
            </span>
          )
        }
      />
      <Loaded query={settings}>
        {(found) => (
          <>
            <Section
              title="Outgoing connections"
              about="Sign-in providers and webhooks reach public addresses; connections and mail reach private networks too. What else they may reach stands here."
            >
              <EgressForm key={`egress ${found.egressAllow.join()}`} settings={found} />
            </Section>
            <Section title="Check a place" about="Asks the policy without making a connection.">
              <EgressCheck />
            </Section>
            <Section title="Limits" about="A caller may send some requests at once; after that his share fills up again by so many per second.">
              <LimitsForm key={found.updatedAt ?? 'never'} settings={found} />
            </Section>
            <Section title="Foreign web sites" about="Closed unless listed.">
              <OriginsForm key={`origins ${found.corsOrigins.join()}`} settings={found} />
            </Section>
          </>
        )}
      </Loaded>
    </>
  );
}
