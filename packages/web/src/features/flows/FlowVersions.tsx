import { Button, Group, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Flow } from '@tidewheel/contract/routes/flows';
import { useState } from 'react';
import { CopyText } from '../../shared/CopyText.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { MoreButton } from '../../shared/MoreButton.tsx';
import { ScrollBox } from '../../shared/ScrollBox.tsx';
import { Time } from '../../shared/Time.tsx';
import classes from './FlowVersions.module.css';
import { versionsQuery } from './flows.queries.ts';

/** The versions of a flow, newest first; each with its text as it was written. */
export function FlowVersions({ flow, canEdit, onUse }: { flow: Flow; canEdit: boolean; onUse: (source: string) => void }) {
  const query = useInfiniteQuery(versionsQuery(flow.slug));
  const [open, setOpen] = useState<number | null>(null);
  return (
    <div className="tw-card">
      <Loaded query={query as never}>
        {() => (
          <>
            {query.data?.pages
              .flatMap((page) => page.items)
              .map((version) => (
                <article key={version.version} className={classes['version']}>
                  <Group justify="space-between" gap="xs">
                    <Text fw={600}>
                      Version {version.version}
                      {version.version === flow.version && ' (newest)'}
                    </Text>
                    <Group gap="xs">
                      {canEdit && version.version !== flow.version && (
                        <Button size="compact-sm" variant="default" onClick={() => onUse(version.source)}>
                          Use as draft
                        </Button>
                      )}
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-expanded={open === version.version}
                        onClick={() => setOpen(open === version.version ? null : version.version)}
                      >
                        {open === version.version ? 'Hide' : 'Show'} text
                      </Button>
                    </Group>
                  </Group>
                  <Text size="xs" c="dimmed" component="div">
                    {version.createdBy} · <Time at={version.createdAt} /> · <CopyText value={version.hash} label="hash" short={12} />
                  </Text>
                  {open === version.version && (
                    <ScrollBox label={`Text of version ${version.version}`} style={{ maxHeight: 420 }}>
                      <pre className={classes['source']}>{version.source}</pre>
                    </ScrollBox>
                  )}
                </article>
              ))}
            <MoreButton query={query} one="version" many="versions" />
          </>
        )}
      </Loaded>
    </div>
  );
}
