import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { iconNamed } from '../../../flow-editor/step-icons.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { TypeChoice } from '../../../shared/TypeChoice.tsx';
import { credentialTypesQuery } from '../credentials.queries.ts';
import { NewCredentialForm } from '../NewCredentialForm.tsx';

const route = getRouteApi('/app/credentials/new');

/** First the type, then its form. */
export function NewCredentialPage() {
  const { type } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(credentialTypesQuery);
  return (
    <>
      <PageHeader title="New credential" above={<Link to="/credentials">Credentials</Link>} />
      <Loaded query={query}>
        {(types) => {
          const chosen = types.find((one) => one.type === type);
          if (chosen) return <NewCredentialForm type={chosen} />;
          return <TypeChoice types={types} iconOf={iconNamed} onChoose={(id) => void navigate({ search: { type: id } })} />;
        }}
      </Loaded>
    </>
  );
}
