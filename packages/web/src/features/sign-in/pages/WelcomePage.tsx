import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { showLink } from '@tidewheel/client/routes';
import { api } from '../../../shared/api.ts';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { AccountForm } from '../AccountForm.tsx';
import { EntryFrame } from '../EntryFrame.tsx';

const route = getRouteApi('/welcome/$token');

/** Behind a one-time link: the first administrator's, or an invitation. */
export function WelcomePage() {
  const { token } = route.useParams();
  const link = useQuery({ queryKey: ['link', token], queryFn: () => api.call(showLink, { params: { token } }), retry: false });
  return (
    <EntryFrame title="Welcome to Tidewheel">
      {link.error ? (
        <>
          <Text>{link.error.message}</Text>
          <Text c="dimmed" mt="xs" mb="md">
            A one-time link works once and for a limited time. If you already have an account, sign in; else ask for a new link.
          </Text>
          <LinkButton to="/sign-in" fullWidth>
            Sign in
          </LinkButton>
        </>
      ) : (
        <Loaded query={link} lines={4}>
          {(info) => <AccountForm token={token} link={info} />}
        </Loaded>
      )}
    </EntryFrame>
  );
}
