import { Button, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { AppError } from '@tidewheel/contract/errors';
import { useEffect } from 'react';
import { Loaded } from '../../../shared/Loaded.tsx';
import { meQuery } from '../../../shared/session.ts';
import { addressIn, workspace } from '../../../shared/workspace-address.ts';
import { enterableQuery } from '../workspaces.queries.ts';

/** The address leads into a workspace that this person cannot enter. */
export function NoWorkspacePage() {
  const me = useQuery({ ...meQuery, retry: false });
  const enterable = useQuery(enterableQuery);
  const isArchived = me.error instanceof AppError && me.error.code === 'workspace.archived';
  const title = isArchived ? 'This workspace is archived' : 'This is in another workspace';
  useEffect(() => {
    document.title = `${title} · Tidewheel`;
  }, [title]);
  return (
    <main style={{ padding: '64px 16px', maxWidth: 520, margin: '0 auto' }}>
      <Title order={1}>{title}</Title>
      <Text mt="xs">
        {isArchived
          ? `Nobody works in “${workspace}” until an administrator of the main workspace restores it.`
          : `The link leads into the workspace “${workspace ?? ''}”. You are not a member of it, or there is none of that name. One of its administrators can add you.`}
      </Text>
      <Title order={2} mt="lg" mb="xs">
        Your workspaces
      </Title>
      <Loaded query={enterable} lines={2}>
        {(all) => (
          <Stack gap="xs">
            {all.map(({ slug, title: name }) => (
              <Button key={slug} component="a" href={addressIn(slug, '/')} variant="default" justify="flex-start">
                {name}
              </Button>
            ))}
            {all.length === 0 && <Text c="dimmed">You are in no workspace at present.</Text>}
          </Stack>
        )}
      </Loaded>
    </main>
  );
}
