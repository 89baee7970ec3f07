import { Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { removeWaitingColors, restoreWaitingColors, updateWaitingColor } from '@tidewheel/client/routes';
import { type ColorField, colorFieldNames, colorFields } from '@tidewheel/contract/color';
import type { WaitingColor } from '@tidewheel/contract/routes/color-buffer';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { SideDrawer } from '../../shared/SideDrawer.tsx';
import { SubmitForm } from '../../shared/SubmitForm.tsx';
import { useCan } from '../../shared/session.ts';
import { bufferKey } from './buffer.queries.ts';
import { DoubtText, fieldTitle, sureness } from './DoubtText.tsx';

const textOf = (row: WaitingColor, field: ColorField) => (row[field] === null ? '' : String(row[field]));

/** One color that waits: its doubts with their repairs, and every field to edit. */
export function ColorDrawer({ row, onClose }: { row: WaitingColor; onClose: () => void }) {
  const queries = useQueryClient();
  const [fields, setFields] = useState<Partial<Record<ColorField, string>>>({});
  const [settled, setSettled] = useState<ColorField[]>([]);
  const isFree = row.takenBy === null && row.removedAt === null;
  const canEdit = useCan('color.edit') && isFree;
  const done = async () => {
    await queries.invalidateQueries({ queryKey: bufferKey });
    onClose();
  };
  const save = useMutation({
    mutationFn: () => api.call(updateWaitingColor, { params: { id: row.id }, body: { revision: row.revision, fields, settled } }),
    onSuccess: done,
  });
  return (
    <SideDrawer title={row.cusip ?? row.isin ?? row.ticker ?? `Line ${row.line}`} onClose={onClose}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {stateOf(row)}
        </Text>
        {Object.entries(row.doubts).map(([field, doubt]) => (
          <Group key={field} gap="xs">
            <div style={{ flex: '1 1 220px' }}>
              <DoubtText field={field} doubt={doubt} />
            </div>
            {canEdit && doubt.repair !== undefined && (
              <Button size="compact-xs" onClick={() => setFields((old) => ({ ...old, [field]: doubt.repair }))}>
                Take {doubt.repair}
              </Button>
            )}
            {canEdit && (
              <Button
                size="compact-xs"
                variant="default"
                disabled={settled.includes(field as ColorField)}
                onClick={() => setSettled((old) => [...old, field as ColorField])}
              >
                {settled.includes(field as ColorField) ? 'Settled' : 'Leave as it is'}
              </Button>
            )}
          </Group>
        ))}
        <SubmitForm mutation={save} action="Save" disabled={!canEdit || (Object.keys(fields).length === 0 && settled.length === 0)}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
            {colorFieldNames.map((field) => (
              <TextInput
                key={field}
                label={fieldTitle(field)}
                {...(colorFields[field].description === '' ? {} : { title: colorFields[field].description })}
                {...markOf(row, field)}
                readOnly={!canEdit}
                value={fields[field] ?? textOf(row, field)}
                onChange={(event) => {
                  const text = event.currentTarget.value;
                  setFields((old) => ({ ...old, [field]: text }));
                }}
              />
            ))}
          </SimpleGrid>
        </SubmitForm>
        {Object.entries(row.more).map(([name, value]) => (
          <Text key={name} size="sm">
            <b>{name}</b>: {value}
          </Text>
        ))}
        <OutOfBuffer row={row} onDone={done} />
      </Stack>
    </SideDrawer>
  );
}

/** A field in doubt says so where it is mended. */
function markOf({ doubts }: WaitingColor, field: ColorField) {
  const doubt = doubts[field];
  return doubt && { description: `In doubt${sureness(doubt)}`, styles: { input: { borderColor: 'var(--tw-wait)', borderWidth: 2 } } };
}

function stateOf({ takenBy, removedAt, removedBy, duplicateOf, line }: WaitingColor): string {
  if (removedAt !== null) return `Taken out by ${removedBy}. Line ${line} of its upload.`;
  if (takenBy !== null) return `A ${takenBy.kind} works with it. Line ${line} of its upload.`;
  return `Waits for the next processing${duplicateOf === null ? '' : '; it says what an earlier color says'}. Line ${line} of its upload.`;
}

function OutOfBuffer({ row, onDone }: { row: WaitingColor; onDone: () => Promise<void> }) {
  const isOut = row.removedAt !== null;
  const canEdit = useCan('color.edit');
  const move = useMutation({
    mutationFn: () => (isOut ? api.call(restoreWaitingColors, { body: { ids: [row.id] } }) : api.call(removeWaitingColors, { body: { ids: [row.id] } })),
    onSuccess: onDone,
  });
  if (!canEdit || row.takenBy !== null) return null;
  return (
    <div>
      {move.error && <ErrorNotice error={move.error} />}
      <Button variant="default" loading={move.isPending} onClick={() => move.mutate()}>
        {isOut ? 'Put back into the buffer' : 'Take out of the buffer'}
      </Button>
    </div>
  );
}
