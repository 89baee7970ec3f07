import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Loaded } from '../../../shared/Loaded.tsx';
import { announce } from '../../../shared/notify.ts';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { TargetForm } from '../TargetForm.tsx';
import { transportsQuery } from '../targets.queries.ts';

export function NewTargetPage() {
  const navigate = useNavigate();
  const query = useQuery(transportsQuery);
  return (
    <>
      <PageHeader title="New host" above={<Link to="/targets">Targets</Link>} />
      <Loaded query={query}>
        {(transports) => (
          <TargetForm
            target={null}
            transports={transports}
            onSaved={(saved) => {
              announce(`The host ${saved.name} is added.`);
              void navigate({ to: '/targets/$target', params: { target: saved.name } });
            }}
          />
        )}
      </Loaded>
    </>
  );
}
