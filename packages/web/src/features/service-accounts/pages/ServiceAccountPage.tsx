import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { PairList } from '../../../shared/PairList.tsx';
import { useRoleTitle } from '../../../shared/roles.ts';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { AccountActions } from '../AccountActions.tsx';
import { KeyList } from '../KeyList.tsx';
import { accountQuery } from '../service-accounts.queries.ts';

const route = getRouteApi('/app/admin/service-accounts/$slug');

/** One service account: what it is, and its keys. */
export function ServiceAccountPage() {
  const { slug } = route.useParams();
  const account = useQuery(accountQuery(slug));
  const canEdit = useCan('service_account.edit');
  const titleOf = useRoleTitle();
  return (
    <>
      <PageHeader
        title={account.data?.title ?? slug}
        above={<Link to="/admin/service-accounts">Service accounts</Link>}
        facts={account.data?.suspendedAt && <span>Suspended: its keys do not work.</span>}
        actions={canEdit && account.data && <AccountActions account={account.data} />}
      />
      <Loaded query={account} lines={3}>
        {(found) => (
          <>
            <section className="tw-card" style={{ padding: '8px 16px', maxWidth: 640 }}>
              <PairList
                pairs={[
                  ['Name', `service:${found.slug}`],
                  ['What it is for', found.description || '–'],
                  ['Role', titleOf(found.role)],
                  ['Who answers for it', found.owner === null ? 'Nobody: the person is gone' : found.owner || '–'],
                  ['Last used', <Time key="used" at={found.lastUsedAt} relative />],
                  [
                    'Made',
                    <span key="made">
                      by {found.createdBy}, <Time at={found.createdAt} relative />
                    </span>,
                  ],
                ]}
              />
            </section>
            <KeyList slug={found.slug} canEdit={canEdit} />
          </>
        )}
      </Loaded>
    </>
  );
}
