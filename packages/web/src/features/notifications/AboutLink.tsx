import { Link } from '@tanstack/react-router';
import type { InboxItem } from '@tidewheel/contract/notify';
import type { ReactNode } from 'react';

type About = Pick<InboxItem, 'object' | 'flow'>;

/** Leads to what something is about, as far as there is a page of it. */
export function AboutLink({ object, flow, onOpen, children }: About & { onOpen?: () => void; children: ReactNode }) {
  const page = pageOf({ object, flow });
  if (page === null) return <>{children}</>;
  return (
    <Link className="tw-link" {...page} onClick={onOpen}>
      {children}
    </Link>
  );
}

function pageOf({ object, flow }: About) {
  if (object?.type === 'run') return { to: '/runs/$id', params: { id: object.id } } as const;
  if (object?.type === 'approval') return { to: '/approvals/$id', params: { id: object.id } } as const;
  if (object?.type === 'schedule') return { to: '/schedules/$slug', params: { slug: object.id } } as const;
  if (object?.type === 'trigger') return { to: '/triggers/$slug', params: { slug: object.id } } as const;
  if (object?.type === 'color_processing') return { to: '/colors/processings/$number', params: { number: object.id } } as const;
  return flow === null ? null : ({ to: '/flows/$slug', params: { slug: flow } } as const);
}
