import { Button, Divider, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { beginSso, listSsoChoices } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { safeNext } from './safe-next.ts';

/** One button for each provider; none, and nothing of it shows. A provider that is down says so here, and the password goes on. */
export function SsoButtons({ next }: { next: string | undefined }) {
  const choices = useQuery({ queryKey: ['sso-choices'], queryFn: () => api.call(listSsoChoices) }).data ?? [];
  const begin = useMutation({
    mutationFn: (slug: string) => api.call(beginSso, { params: { slug }, body: { next: safeNext(next) } }),
    onSuccess: ({ location }) => window.location.assign(location),
  });
  if (choices.length === 0) return null;
  return (
    <Stack gap="xs" mt="md">
      <Divider label="or" />
      {begin.error && <ErrorNotice error={begin.error} />}
      {choices.map(({ slug, title }) => (
        <Button
          key={slug}
          variant="default"
          fullWidth
          // It stays busy while the browser leaves.
          loading={(begin.isPending || begin.isSuccess) && begin.variables === slug}
          onClick={() => begin.mutate(slug)}
        >
          Sign in with {title}
        </Button>
      ))}
    </Stack>
  );
}
