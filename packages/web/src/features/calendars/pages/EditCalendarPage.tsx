import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { CalendarForm } from '../CalendarForm.tsx';
import { calendarQuery } from '../calendars.queries.ts';

const route = getRouteApi('/app/calendars/$slug/edit');

export function EditCalendarPage() {
  const { slug } = route.useParams();
  const { import: importing } = route.useSearch();
  const query = useQuery(calendarQuery(slug));
  const above = (
    <Link to="/calendars/$slug" params={{ slug }}>
      {query.data?.title ?? slug}
    </Link>
  );
  return (
    <>
      <PageHeader title="Edit calendar" above={above} />
      <Loaded query={query}>{(calendar) => <CalendarForm key={calendar.version} calendar={calendar} importing={importing === true} />}</Loaded>
    </>
  );
}
