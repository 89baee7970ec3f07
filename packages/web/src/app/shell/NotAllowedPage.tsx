import { IconLock } from '@tabler/icons-react';
import type { Permission } from '@tidewheel/contract/route';
import { lazy, Suspense } from 'react';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { LinkButton } from '../../shared/LinkButton.tsx';
import { PageHeader } from '../../shared/PageHeader.tsx';

const WhyPanel = lazy(async () => ({ default: (await import('../../shared/access/WhyPanel.tsx')).WhyPanel }));

/** In place of a page that the person may not use. */
export function NotAllowedPage({ permission }: { permission: Permission }) {
  return (
    <>
      <PageHeader title="Not allowed" />
      <EmptyState icon={IconLock} title="You may not open this page" action={<LinkButton to="/">Go to the home page</LinkButton>}>
        It needs the permission <span className="tw-mono">{permission}</span> in this workspace, which you do not have. Ask an administrator of the workspace
        for a role or a grant that has it.
      </EmptyState>
      <Suspense fallback={null}>
        <div style={{ maxWidth: 520, margin: '0 auto', textAlign: 'center' }}>
          <WhyPanel permission={permission} />
        </div>
      </Suspense>
    </>
  );
}
