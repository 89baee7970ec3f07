import { Button, Group, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { beginSsoLink, listMySsoLinks, listSsoChoices } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { Time } from '../../shared/Time.tsx';

/** The providers through which I sign in, and those that I could link. Where there are none, nothing shows. */
export function SsoLinks() {
  const choices = useQuery({ queryKey: ['sso-choices'], queryFn: () => api.call(listSsoChoices) }).data ?? [];
  const links = useQuery({ queryKey: ['my-sso-links'], queryFn: () => api.call(listMySsoLinks) }).data ?? [];
  const begin = useMutation({
    mutationFn: (slug: string) => api.call(beginSsoLink, { params: { slug } }),
    onSuccess: ({ location }) => window.location.assign(location),
  });
  const others = choices.filter(({ slug }) => !links.some((link) => link.slug === slug));
  if (links.length === 0 && others.length === 0) return null;
  return (
    <>
      <Title order={2} mb="xs">
        Single sign-on
      </Title>
      <section className="tw-card" style={{ padding: 16, marginBottom: 24 }}>
        {links.map(({ slug, title, email, linkedAt }) => (
          <Text key={slug} mb={4}>
            {title}
            {email !== null && ` as ${email}`}, linked <Time at={linkedAt} relative />
          </Text>
        ))}
        <Group gap="xs">
          {others.map(({ slug, title }) => (
            <Button key={slug} variant="default" loading={begin.isPending && begin.variables === slug} onClick={() => begin.mutate(slug)}>
              Link my account at {title}
            </Button>
          ))}
        </Group>
        {begin.error && <ErrorNotice error={begin.error} />}
      </section>
    </>
  );
}
