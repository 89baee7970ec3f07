import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { StatusIcon } from './status.ts';

/** What a list says when there is nothing in it, with the one thing to do about that. */
export function EmptyState({ icon: Icon, title, children, action }: { icon: StatusIcon; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div style={{ padding: '40px 16px', textAlign: 'center' }}>
      <Icon size={32} stroke={1.4} aria-hidden style={{ color: 'var(--mantine-color-dimmed)' }} />
      <Title order={2} mt={8}>
        {title}
      </Title>
      {children && (
        <Text c="dimmed" mt={4} maw={520} mx="auto">
          {children}
        </Text>
      )}
      {action && <div style={{ marginTop: 16 }}>{action}</div>}
    </div>
  );
}
