import { Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { LinkButton } from '../../shared/LinkButton.tsx';
import { Mark } from '../../shared/Mark.tsx';

export function NotFoundPage() {
  useEffect(() => {
    document.title = 'Not found · Tidewheel';
  }, []);
  return (
    <main style={{ padding: '15vh 16px', textAlign: 'center' }}>
      <span style={{ color: 'var(--tw-link)' }}>
        <Mark size={44} />
      </span>
      <Title order={1} mt={12}>
        There is nothing at this address
      </Title>
      <Text c="dimmed" mt={4} mb={20}>
        The link may be old, or mistyped: <span className="tw-mono">{window.location.pathname}</span>
      </Text>
      <LinkButton to="/">Go to the home page</LinkButton>
    </main>
  );
}
