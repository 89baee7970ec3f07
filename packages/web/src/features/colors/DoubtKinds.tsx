import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { repairWaitingColors } from '@tidewheel/client/routes';
import type { ColorField } from '@tidewheel/contract/color';
import type { ColorBufferSummary } from '@tidewheel/contract/routes/color-buffer';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { announce } from '../../shared/notify.ts';
import { useCan } from '../../shared/session.ts';
import { bufferKey } from './buffer.queries.ts';
import { fieldTitle } from './DoubtText.tsx';

type Kind = ColorBufferSummary['repairs'][number];

/** The doubts of what waits, by kind, each with one click that accepts every repair of it. */
export function DoubtKinds({ kinds, shown, onShow }: { kinds: readonly Kind[]; shown: string | undefined; onShow: (field: string | undefined) => void }) {
  const canEdit = useCan('color.edit');
  const queries = useQueryClient();
  const repair = useMutation({
    mutationFn: ({ field, why }: Kind) => api.call(repairWaitingColors, { body: { field: field as ColorField, why } }),
    onSuccess: async ({ changed }) => {
      await queries.invalidateQueries({ queryKey: bufferKey });
      announce(`${changed} repaired.`);
    },
  });
  if (kinds.length === 0) return null;
  return (
    <section aria-label="Kinds of doubts" className="tw-card" style={{ padding: '10px 14px', marginBottom: 12 }}>
      {kinds.slice(0, 8).map((kind) => (
        <Group key={`${kind.field} ${kind.why}`} gap="sm" py={3}>
          <Text size="sm" style={{ flex: '1 1 260px' }}>
            {kind.rows} × {fieldTitle(kind.field)} {kind.why}
          </Text>
          <Button size="compact-xs" variant="default" onClick={() => onShow(shown === kind.field ? undefined : kind.field)}>
            {shown === kind.field ? 'Show all' : 'Show'}
          </Button>
          {canEdit && kind.offered > 0 && (
            <Button size="compact-xs" loading={repair.isPending && repair.variables === kind} onClick={() => repair.mutate(kind)}>
              Accept {kind.offered} {kind.offered === 1 ? 'repair' : 'repairs'}
            </Button>
          )}
        </Group>
      ))}
      {repair.error && <ErrorNotice error={repair.error} />}
    </section>
  );
}
