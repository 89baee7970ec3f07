import { Select, TextInput } from '@mantine/core';
import { type ColorField, colorFields } from '@tidewheel/contract/color';
import { useState } from 'react';
import { FormDialog } from '../../../shared/FormDialog.tsx';
import { gridColumns } from './session-columns.ts';

interface Props {
  /** Of the rows that get it. */
  name: string;
  column: number;
  onSet(fields: Partial<Record<ColorField, string>>): void;
  onClose(): void;
}

/** One value for many rows: a rank, a dealer. */
export function SetValueDialog({ name, column, onSet, onClose }: Props) {
  const [field, setField] = useState<ColorField>(gridColumns[column]?.field ?? 'rank');
  const [text, setText] = useState('');
  const set = () => {
    onSet({ [field]: text });
    onClose();
  };
  const { description } = colorFields[field];
  return (
    <FormDialog title="Set a value" action="Set it" mutation={{ mutate: set, isPending: false, error: null }} onClose={onClose} note={name}>
      <Select
        label="Column"
        data={gridColumns.map(({ field: value, title }) => ({ value, label: title }))}
        value={field}
        allowDeselect={false}
        searchable
        onChange={(chosen) => chosen && setField(chosen as ColorField)}
      />
      <TextInput
        label="Value"
        description={`${description === '' ? '' : `${description}. `}Nothing clears it.`}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
