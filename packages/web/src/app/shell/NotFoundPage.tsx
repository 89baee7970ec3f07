import { IconMapQuestion } from '@tabler/icons-react';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { LinkButton } from '../../shared/LinkButton.tsx';

export function NotFoundPage() {
  return (
    <EmptyState icon={IconMapQuestion} title="There is nothing at this address" action={<LinkButton to="/">Go to the home page</LinkButton>}>
      The link may be old, or mistyped: {window.location.pathname}
    </EmptyState>
  );
}
