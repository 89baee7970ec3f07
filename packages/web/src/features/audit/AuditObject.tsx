import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { AuditEntry } from '@tidewheel/contract/routes/audit';

/** The object of an entry; a link where it has a page of its own. */
export function AuditObject({ object }: { object: AuditEntry['object'] }) {
  if (object === null) return <Text c="dimmed">–</Text>;
  return (
    <span>
      <Text span size="xs" c="dimmed">
        {object.type}{' '}
      </Text>
      <ObjectLink object={object} />
    </span>
  );
}

function ObjectLink({ object: { type, id, title } }: { object: NonNullable<AuditEntry['object']> }) {
  if (type === 'flow')
    return (
      <Link to="/flows/$slug" params={{ slug: title }}>
        {title}
      </Link>
    );
  if (type === 'run')
    return (
      <Link to="/runs/$id" params={{ id }}>
        {title}
      </Link>
    );
  if (type === 'target')
    return (
      <Link to="/targets/$target" params={{ target: id }}>
        {title}
      </Link>
    );
  if (type === 'connection')
    return (
      <Link to="/connections/$slug" params={{ slug: title }}>
        {title}
      </Link>
    );
  if (type === 'credential')
    return (
      <Link to="/credentials/$slug" params={{ slug: title }}>
        {title}
      </Link>
    );
  return title;
}
