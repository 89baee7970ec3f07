import { Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { isSsoFailure, ssoFailures } from '@tidewheel/contract/sso-failures';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { EntryFrame } from '../EntryFrame.tsx';

const route = getRouteApi('/sign-in/failed');

/** Where a sign-in through a provider ends that came to nothing. The address names the reason, the words are ours. */
export function SsoFailedPage() {
  const { reason = '' } = route.useSearch();
  const code = isSsoFailure(reason) ? reason : 'sso.failed';
  const [message, hint] = ssoFailures[code];
  return (
    <EntryFrame title="Not signed in">
      <div role="alert">
        <Text>{message}</Text>
        <Text c="dimmed" size="sm" mt="xs">
          {hint}
        </Text>
        <Text c="dimmed" size="xs" mt="xs" className="tw-mono">
          {code}
        </Text>
      </div>
      <LinkButton to="/sign-in" fullWidth mt="md">
        Back to sign-in
      </LinkButton>
    </EntryFrame>
  );
}
