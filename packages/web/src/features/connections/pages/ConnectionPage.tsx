import { IconArchive } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { archiveConnection } from '@tidewheel/client/routes';
import type { Connection } from '@tidewheel/contract/routes/connections';
import { ShareButton } from '../../../shared/access/ShareButton.tsx';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { HistoryLink } from '../../../shared/HistoryLink.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { ConnectionForm } from '../ConnectionForm.tsx';
import { connectionQuery, connectorsQuery } from '../connections.queries.ts';

const route = getRouteApi('/app/connections/$slug');

export function ConnectionPage() {
  const { slug } = route.useParams();
  const query = useQuery(connectionQuery(slug));
  return <Loaded query={query}>{(connection) => <ConnectionView key={connection.updatedAt} connection={connection} />}</Loaded>;
}

function ConnectionView({ connection }: { connection: Connection }) {
  const attributes = { connection: connection.slug, folder: connection.folder, type: connection.type };
  const canEdit = useCan('connection.edit', attributes);
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const connectors = useQuery(connectorsQuery);
  const archive = useMutation({
    mutationFn: () => api.call(archiveConnection, { params: { slug: connection.slug } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['connections'] });
      await navigate({ to: '/connections', search: {} });
    },
  });
  const ask = {
    title: 'Archive this connection?',
    text: 'Flows that use it will fail until it is restored or they name another one.',
    confirm: 'Archive',
    isDanger: true,
  };
  return (
    <>
      <PageHeader
        title={connection.title}
        above={<Link to="/connections">Connections</Link>}
        facts={
          <>
            <span className="tw-mono">{connection.slug}</span>
            <span>
              changed <Time at={connection.updatedAt} relative />
            </span>
            <HistoryLink id={connection.id} />
          </>
        }
        actions={
          <>
            <ShareButton object={{ type: 'connection', name: connection.slug, title: connection.title, attributes }} />
            {canEdit && connection.archivedAt === null && (
              <ConfirmButton ask={ask} mutation={archive} leftSection={<IconArchive size={16} aria-hidden />}>
                Archive
              </ConfirmButton>
            )}
          </>
        }
      />
      <Loaded query={connectors}>
        {(all) => {
          const connector = all.find((candidate) => candidate.type === connection.type);
          return connector ? (
            <ConnectionForm connector={connector} connection={connection} />
          ) : (
            <ErrorNotice error={new Error(`This server has no connector of the type ${connection.type}.`)} />
          );
        }}
      </Loaded>
    </>
  );
}
