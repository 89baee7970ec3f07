import { Tabs } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { removeSsoProvider } from '@tidewheel/client/routes';
import type { SsoProvider } from '@tidewheel/contract/routes/sso';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import { CopyText } from '../../../shared/CopyText.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { LinkList } from '../LinkList.tsx';
import { MappingEditor } from '../MappingEditor.tsx';
import { ProviderForm } from '../ProviderForm.tsx';
import { providerQuery } from '../sso.queries.ts';

const route = getRouteApi('/app/admin/sso/$slug');

/** One provider: its settings, the rules that give roles with their dry run, and who is linked. */
export function SsoProviderPage() {
  const { slug } = route.useParams();
  const { tab = 'settings' } = route.useSearch();
  const navigate = route.useNavigate();
  const provider = useQuery(providerQuery(slug));
  return (
    <>
      <PageHeader
        above={<Link to="/admin/sso">Single sign-on</Link>}
        title={provider.data?.title ?? slug}
        facts={provider.data && <Facts provider={provider.data} />}
        actions={provider.data && <RemoveButton provider={provider.data} />}
      />
      <Loaded query={provider}>
        {(one) => (
          <Tabs value={tab} onChange={(chosen) => void navigate({ search: { tab: chosen as typeof tab }, replace: true })} keepMounted={false}>
            <Tabs.List mb="md">
              <Tabs.Tab value="settings">Settings</Tabs.Tab>
              <Tabs.Tab value="rules">Roles</Tabs.Tab>
              <Tabs.Tab value="people">Linked accounts</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="settings">
              <section className="tw-card" style={{ padding: 16, maxWidth: 900 }}>
                <ProviderForm key={one.updatedAt} provider={one} />
              </section>
            </Tabs.Panel>
            <Tabs.Panel value="rules">
              <MappingEditor key={one.slug} provider={one} />
            </Tabs.Panel>
            <Tabs.Panel value="people">
              <LinkList slug={one.slug} />
            </Tabs.Panel>
          </Tabs>
        )}
      </Loaded>
    </>
  );
}

function Facts({ provider }: { provider: SsoProvider }) {
  return (
    <span style={{ overflowWrap: 'anywhere' }}>
      Redirect URI, to be registered there: <CopyText value={provider.redirectUri} label="the redirect URI" />
    </span>
  );
}

function RemoveButton({ provider }: { provider: SsoProvider }) {
  const queries = useQueryClient();
  const navigate = route.useNavigate();
  const remove = useMutation({
    mutationFn: () => api.call(removeSsoProvider, { params: { slug: provider.slug } }),
    onSuccess: async () => {
      await navigate({ to: '/admin/sso' });
      queries.removeQueries({ queryKey: ['sso', 'one', provider.slug] });
      await queries.invalidateQueries({ queryKey: ['sso', 'list'] });
    },
  });
  const text = 'Its links and the sessions it made end. Roles that it gave stay, as if set by hand; accounts without a password cannot sign in any more.';
  return (
    <ConfirmButton ask={{ title: `Remove ${provider.title}?`, text, confirm: 'Remove', isDanger: true }} mutation={remove}>
      Remove
    </ConfirmButton>
  );
}
