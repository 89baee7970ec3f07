import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { RuleForm } from '../rules/RuleForm.tsx';
import { ruleQuery } from '../rules/rules.queries.ts';

const route = getRouteApi('/app/colors/rules/$id');
const newRoute = getRouteApi('/app/colors/rules/new');
const above = (
  <Link to="/colors/rules" search={{}}>
    Rules
  </Link>
);

export function RulePage() {
  const { id } = route.useParams();
  const canEdit = useCan('desk.edit');
  const query = useQuery(ruleQuery(id));
  return (
    <>
      <PageHeader title={query.data?.title ?? 'Rule'} above={above} />
      <Loaded query={query}>{(rule) => <RuleForm key={rule.revision} rule={rule} kind={rule.kind} canEdit={canEdit} />}</Loaded>
    </>
  );
}

export function NewRulePage() {
  const { kind } = newRoute.useSearch();
  return (
    <>
      <PageHeader title={kind === 'color' ? 'New coloring rule' : 'New exclusion rule'} above={above} />
      <RuleForm kind={kind ?? 'exclude'} canEdit />
    </>
  );
}
