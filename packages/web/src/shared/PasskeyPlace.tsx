import { Anchor, Text } from '@mantine/core';

/** Why passkeys do not work on this page, and where they do. @param origin the address at which they work; null: nowhere */
export function PasskeyPlace({ origin, path }: { origin: string | null; path: string }) {
  if (origin === null)
    return (
      <Text size="sm" c="dimmed">
        Passkeys need a domain name and https; this server is reached by an IP address or without https. An administrator can set TIDEWHEEL_PUBLIC_URL.
      </Text>
    );
  if (origin === window.location.origin)
    return (
      <Text size="sm" c="dimmed">
        This browser has no passkeys.
      </Text>
    );
  return (
    <Text size="sm" c="dimmed">
      Passkeys do not work at {window.location.host}. They work at{' '}
      <Anchor href={origin + path} underline="always">
        {origin}
      </Anchor>
      .
    </Text>
  );
}
