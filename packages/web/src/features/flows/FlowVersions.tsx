import { Button, Group, Text } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { restoreVersion } from '@tidewheel/client/routes';
import type { Flow } from '@tidewheel/contract/routes/flows';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { CopyText } from '../../shared/CopyText.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { MoreButton } from '../../shared/MoreButton.tsx';
import { announce } from '../../shared/notify.ts';
import { ScrollBox } from '../../shared/ScrollBox.tsx';
import { Time } from '../../shared/Time.tsx';
import type { Sides } from './CompareDialog.tsx';
import classes from './FlowVersions.module.css';
import { flowQuery, versionsQuery } from './flows.queries.ts';

interface FlowVersionsProps {
  flow: Flow;
  canEdit: boolean;
  onUse: (source: string) => void;
  onCompare: (sides: Sides) => void;
}

/** The versions of a flow, newest first; each with its text as it was written. */
export function FlowVersions({ flow, canEdit, onUse, onCompare }: FlowVersionsProps) {
  const query = useInfiniteQuery(versionsQuery(flow.slug));
  const [open, setOpen] = useState<number | null>(null);
  return (
    <div className="tw-card">
      <Loaded query={query}>
        {({ pages }) => (
          <>
            {pages
              .flatMap((page) => page.items)
              .map((version) => (
                <article key={version.version} className={classes['version']}>
                  <Group justify="space-between" gap="xs">
                    <Text fw={600}>
                      Version {version.version}
                      {version.version === flow.version && ' (newest)'}
                    </Text>
                    <Group gap="xs">
                      {flow.version > 1 && (
                        <Button
                          size="compact-sm"
                          variant="default"
                          aria-label={`Compare version ${version.version}`}
                          onClick={() => onCompare(sidesOf(version.version, flow.version))}
                        >
                          Compare
                        </Button>
                      )}
                      {canEdit && version.version !== flow.version && (
                        <>
                          <Button size="compact-sm" variant="default" onClick={() => onUse(version.source)}>
                            Open in the editor
                          </Button>
                          <RestoreButton slug={flow.slug} version={version.version} next={flow.version + 1} />
                        </>
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

/** The newest against the one before it; an older one against the newest. */
function sidesOf(version: number, newest: number): Sides {
  return version === newest ? { from: newest - 1, to: newest } : { from: version, to: newest };
}

function RestoreButton({ slug, version, next }: { slug: string; version: number; next: number }) {
  const queries = useQueryClient();
  const restore = useMutation({
    mutationFn: () => api.call(restoreVersion, { params: { slug, version } }),
    onSuccess: async ({ flow }) => {
      queries.setQueryData(flowQuery(slug).queryKey, flow);
      announce(`Version ${flow.version} has the text of version ${version}.`);
      await queries.invalidateQueries({ queryKey: ['flows'] });
    },
  });
  return (
    <ConfirmButton
      size="compact-sm"
      ask={{ title: `Restore version ${version}?`, text: `Its text becomes version ${next}, the newest one. Nothing is lost.`, confirm: 'Restore' }}
      mutation={restore}
    >
      Restore
    </ConfirmButton>
  );
}
