import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { explainAccess } from '@tidewheel/client/routes';
import type { Permission } from '@tidewheel/contract/route';
import type { Why } from '@tidewheel/contract/routes/access';
import { useState } from 'react';
import { api } from '../api.ts';
import { ReasonList } from './ReasonList.tsx';

/** What a refusal leaves open: which rules said no, which roles would say yes, and who can give it. Asked when somebody wants to know. */
export function WhyPanel({ permission, type, object }: { permission: Permission; type?: ObjectOfWhy; object?: string }) {
  const [isOpen, setOpen] = useState(false);
  const about = type !== undefined && object !== undefined ? { type, object } : {};
  const why = useQuery({
    queryKey: ['why', permission, about],
    queryFn: () => api.call(explainAccess, { query: { permission, ...about } }),
    enabled: isOpen,
    retry: false,
  });
  if (!isOpen)
    return (
      <Button mt={8} size="xs" variant="default" onClick={() => setOpen(true)}>
        Why?
      </Button>
    );
  return (
    <Stack gap={4} mt={8} style={{ textAlign: 'left' }}>
      {why.data ? (
        <WhyAnswer why={why.data} />
      ) : (
        <Text size="sm" role="status">
          {why.error ? why.error.message : 'One moment…'}
        </Text>
      )}
    </Stack>
  );
}

export type ObjectOfWhy = 'flow' | 'run' | 'artifact' | 'connection' | 'credential' | 'target' | 'file';

export function WhyAnswer({ why }: { why: Why }) {
  return (
    <>
      {why.note && <Text size="sm">{why.note}</Text>}
      <ReasonList reasons={why.reasons} />
      {why.object && (
        <Text size="sm">
          {why.object.title}:{' '}
          {Object.entries(why.object.attributes)
            .map(([name, value]) => `${name} ${value ?? 'none'}`)
            .join(', ')}
        </Text>
      )}
      {!why.allowed && (
        <Text size="sm">
          {why.roles.length === 0 ? 'No role of this workspace allows it.' : `Roles that allow it: ${why.roles.map((role) => role.title).join(', ')}.`}{' '}
          {why.givers.length > 0 && `It can be given by ${why.givers.join(', ')}.`}
        </Text>
      )}
    </>
  );
}
