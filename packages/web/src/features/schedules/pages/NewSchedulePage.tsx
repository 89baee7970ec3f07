import { getRouteApi, Link } from '@tanstack/react-router';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { newDefinition } from '../new-rule.ts';
import { ScheduleForm } from '../ScheduleForm.tsx';

const route = getRouteApi('/app/schedules/new');

export function NewSchedulePage() {
  const { flow } = route.useSearch();
  return (
    <>
      <PageHeader title="New schedule" above={<Link to="/schedules">Schedules</Link>} />
      <ScheduleForm schedule={null} initial={newDefinition(flow ?? '')} />
    </>
  );
}
