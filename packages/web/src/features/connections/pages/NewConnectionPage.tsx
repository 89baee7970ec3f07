import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { iconNamed } from '../../../flow-editor/step-icons.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { TypeChoice } from '../../../shared/TypeChoice.tsx';
import { ConnectionForm } from '../ConnectionForm.tsx';
import { connectorsQuery } from '../connections.queries.ts';

const route = getRouteApi('/app/connections/new');

/** First the type, then its form. */
export function NewConnectionPage() {
  const { type } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(connectorsQuery);
  return (
    <>
      <PageHeader title="New connection" above={<Link to="/connections">Connections</Link>} />
      <Loaded query={query}>
        {(connectors) => {
          const chosen = connectors.find((connector) => connector.type === type);
          if (chosen) return <ConnectionForm connector={chosen} connection={null} />;
          return <TypeChoice types={connectors} iconOf={iconNamed} onChoose={(id) => void navigate({ search: { type: id } })} />;
        }}
      </Loaded>
    </>
  );
}
