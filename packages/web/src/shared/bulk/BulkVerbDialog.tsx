import { Text } from '@mantine/core';
import type { BulkResult } from '@tidewheel/contract/bulk-result';
import { FormDialog } from '../FormDialog.tsx';
import { BulkPreview } from './BulkPreview.tsx';
import { useBulk } from './use-bulk.ts';

interface BulkVerbDialogProps<Body> {
  /** First part of the query keys that are read again afterwards. */
  area: string;
  one: string;
  many: string;
  /** `Pause`, and what it comes to. */
  title: string;
  words: string;
  which: string;
  isDanger: boolean;
  body: Body;
  call: (body: Body & { dryRun?: boolean }) => Promise<BulkResult>;
  onClose: () => void;
  onDone: () => void;
}

/** One verb done to many: which it would change is shown first. */
export function BulkVerbDialog<Body extends object>({
  area,
  one,
  many,
  title,
  words,
  which,
  isDanger,
  body,
  call,
  onClose,
  onDone,
}: BulkVerbDialogProps<Body>) {
  const { preview, change } = useBulk({
    key: area,
    one,
    many,
    body,
    call,
    onDone: () => {
      onDone();
      onClose();
    },
  });
  return (
    <FormDialog
      title={`${title} ${which}`}
      onClose={onClose}
      mutation={change}
      action={preview.data ? `${title} ${preview.data.changed}` : title}
      disabled={!preview.data || preview.data.changed === 0}
      isDanger={isDanger}
    >
      <Text size="sm">{words}</Text>
      <BulkPreview preview={preview.data} error={preview.error} many={many} />
    </FormDialog>
  );
}
