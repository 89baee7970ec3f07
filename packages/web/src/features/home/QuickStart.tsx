import { Text, Title } from '@mantine/core';
import { IconPlayerPlay, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { kindTitles } from '../../shared/kinds.ts';
import { LinkButton } from '../../shared/LinkButton.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { useCan } from '../../shared/session.ts';
import { quickFlowsQuery } from './home.queries.ts';
import classes from './QuickStart.module.css';

/** Flows to run right now; on a fresh installation these are the two demos. */
export function QuickStart() {
  const flows = useQuery(quickFlowsQuery);
  const canRun = useCan('flow.run');
  const canEdit = useCan('flow.edit');
  return (
    <section className="tw-card" aria-label="Start a flow">
      <Title order={2} p="12px 16px 6px">
        Start a flow
      </Title>
      <Loaded query={flows} lines={4}>
        {(page) => (
          <>
            {page.items.length === 0 && (
              <Text size="sm" c="dimmed" px={16} pb={8}>
                There is no flow yet.
              </Text>
            )}
            {page.items.map((flow) => (
              <article key={flow.id} className={classes['flow']}>
                <div className={classes['head']}>
                  <div>
                    <Link to="/flows/$slug" params={{ slug: flow.slug }} className={classes['title']}>
                      {flow.title}
                    </Link>
                    <Text size="xs" c="dimmed">
                      {kindTitles[flow.kind]} · {flow.steps} steps
                    </Text>
                  </div>
                  {canRun && (
                    <LinkButton
                      to="/flows/$slug"
                      params={{ slug: flow.slug }}
                      search={{ run: true }}
                      size="xs"
                      variant="light"
                      leftSection={<IconPlayerPlay size={14} aria-hidden />}
                      aria-label={`Run ${flow.title}`}
                    >
                      Run
                    </LinkButton>
                  )}
                </div>
                {flow.description && (
                  <Text size="xs" c="dimmed" mt={4} lineClamp={2}>
                    {flow.description}
                  </Text>
                )}
              </article>
            ))}
            {canEdit && (
              <div style={{ padding: '10px 16px 14px' }}>
                <LinkButton to="/flows/new" variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />}>
                  New flow
                </LinkButton>
              </div>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}
