import { IconLock } from '@tabler/icons-react';
import type { Permission } from '@tidewheel/contract/route';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { LinkButton } from '../../shared/LinkButton.tsx';
import { PageHeader } from '../../shared/PageHeader.tsx';

/** In place of a page that the person may not use. */
export function NotAllowedPage({ permission }: { permission: Permission }) {
  return (
    <>
      <PageHeader title="Not allowed" />
      <EmptyState icon={IconLock} title="You may not open this page" action={<LinkButton to="/">Go to the home page</LinkButton>}>
        It needs the permission <span className="tw-mono">{permission}</span> in this workspace, which your role does not have. Ask an administrator of the
        workspace for a role that has it.
      </EmptyState>
    </>
  );
}
