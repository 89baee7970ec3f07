import { Link } from '@tanstack/react-router';
import { useCan } from './session.ts';

/** Everything that happened to an object, for those who may read the audit trail. */
export function HistoryLink({ id }: { id: string }) {
  const canRead = useCan('audit.read');
  if (!canRead) return null;
  return (
    <Link to="/admin/audit" search={{ object: id }}>
      History
    </Link>
  );
}
