import { Button } from '@mantine/core';
import { EmptyState } from './EmptyState.tsx';
import type { StatusIcon } from './status.ts';

/** What a list says when its filters leave nothing of it. */
export function NoMatch({ icon, one, onClear }: { icon: StatusIcon; one: string; onClear: () => void }) {
  const action = (
    <Button variant="default" onClick={onClear}>
      Clear the filters
    </Button>
  );
  return <EmptyState icon={icon} title={`No ${one} matches these filters`} action={action} />;
}
