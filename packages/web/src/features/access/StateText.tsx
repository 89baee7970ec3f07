import { Badge } from '@mantine/core';
import type { Grant } from '@tidewheel/contract/routes/access';

const colors = { active: 'teal', planned: 'blue', lapsed: 'gray', revoked: 'gray' } as const;

/** Whether a grant or a delegation holds. */
export function StateText({ state }: { state: Grant['state'] }) {
  return (
    <Badge variant="outline" color={colors[state]} styles={{ root: { color: 'var(--mantine-color-text)' } }} tt="none">
      {state}
    </Badge>
  );
}
