import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { iconNamed } from '../../../flow-editor/step-icons.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { TypeChoice } from '../../../shared/TypeChoice.tsx';
import { TriggerForm } from '../TriggerForm.tsx';
import { kindsQuery } from '../triggers.queries.ts';

const route = getRouteApi('/app/triggers/new');

/** First the kind, then its form. */
export function NewTriggerPage() {
  const { kind, flow } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(kindsQuery);
  return (
    <>
      <PageHeader title="New trigger" above={<Link to="/triggers">Triggers</Link>} />
      <Loaded query={query}>
        {(kinds) => {
          const chosen = kinds.find((one) => one.kind === kind);
          if (chosen) return <TriggerForm kind={chosen} trigger={null} flow={flow ?? ''} />;
          const types = kinds.map((one) => ({ ...one, type: one.kind }));
          return <TypeChoice types={types} iconOf={iconNamed} onChoose={(type) => void navigate({ search: (old) => ({ ...old, kind: type }) })} />;
        }}
      </Loaded>
    </>
  );
}
