import { Alert, Text } from '@mantine/core';
import type { BulkResult } from '@tidewheel/contract/bulk-result';
import { ErrorNotice } from '../ErrorNotice.tsx';

/** What would be changed, and what stays as it is and why. */
export function BulkPreview({ preview, error, many }: { preview: BulkResult | undefined; error: Error | null; many: string }) {
  if (error) return <ErrorNotice error={error} />;
  if (!preview) return null;
  return (
    <Alert variant="light" title={`${preview.changed} of ${preview.chosen} ${many} change`}>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {preview.names.slice(0, 30).join(', ')}
        {preview.changed > 30 && ` and ${preview.changed - 30} more`}
      </Text>
      {preview.refused.slice(0, 10).map(({ name, reason }) => (
        <Text key={name} size="sm">
          {name} stays as it is: {reason}
        </Text>
      ))}
    </Alert>
  );
}
