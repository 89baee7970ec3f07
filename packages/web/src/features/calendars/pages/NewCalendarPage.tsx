import { Link } from '@tanstack/react-router';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { CalendarForm } from '../CalendarForm.tsx';

export function NewCalendarPage() {
  return (
    <>
      <PageHeader title="New calendar" above={<Link to="/calendars">Calendars</Link>} />
      <CalendarForm />
    </>
  );
}
