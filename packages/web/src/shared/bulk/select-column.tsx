import { Checkbox } from '@mantine/core';
import type { TableColumn } from '../DataTable.tsx';

export interface Selection {
  selected: ReadonlySet<string>;
  /** Null: there is nothing that the reader may do with what he chooses. */
  onSelect: ((name: string, isOn: boolean) => void) | null;
}

/** The boxes of a list of which many can be chosen; none where nothing can be done with them. */
export function selectColumns<Row>(nameOf: (row: Row) => string, { selected, onSelect }: Selection): TableColumn<Row>[] {
  if (!onSelect) return [];
  const render = (row: Row) => {
    const name = nameOf(row);
    return <Checkbox size="xs" aria-label={`Choose ${name}`} checked={selected.has(name)} onChange={(event) => onSelect(name, event.currentTarget.checked)} />;
  };
  return [{ key: 'select', title: '', render }];
}
