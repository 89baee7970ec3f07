import { Link } from '@tanstack/react-router';
import type { InboxItem } from '@tidewheel/contract/notify';
import type { ReactNode } from 'react';

/** Leads to what something is about, as far as there is a page of it. */
export function AboutLink({ object, flow, onOpen, children }: Pick<InboxItem, 'object' | 'flow'> & { onOpen?: () => void; children: ReactNode }) {
  if (object?.type === 'run')
    return (
      <Link className="tw-link" to="/runs/$id" params={{ id: object.id }} onClick={onOpen}>
        {children}
      </Link>
    );
  if (object?.type === 'approval')
    return (
      <Link className="tw-link" to="/approvals/$id" params={{ id: object.id }} onClick={onOpen}>
        {children}
      </Link>
    );
  if (flow !== null)
    return (
      <Link className="tw-link" to="/flows/$slug" params={{ slug: flow }} onClick={onOpen}>
        {children}
      </Link>
    );
  return <>{children}</>;
}
