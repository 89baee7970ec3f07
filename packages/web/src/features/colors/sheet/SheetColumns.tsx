import { ActionIcon, Group, NumberInput, Select, Table, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { colorFieldNames } from '@tidewheel/contract/color';
import { type ColorSheetColumn, columnTitle, placeColumns } from '@tidewheel/contract/color-sheet';

const known: string[] = [...colorFieldNames, ...Object.keys(placeColumns)];

interface Props {
  columns: ColorSheetColumn[];
  canEdit: boolean;
  onChange: (columns: ColorSheetColumn[]) => void;
}

/** The columns of the sheet in their order, each with its header, width and format. */
export function SheetColumns({ columns, canEdit, onChange }: Props) {
  const set = (at: number, column: ColorSheetColumn) => onChange(columns.map((old, index) => (index === at ? column : old)));
  const move = (at: number, by: number) => {
    const moved = [...columns];
    const [column] = moved.splice(at, 1);
    if (column) moved.splice(at + by, 0, column);
    onChange(moved);
  };
  const others = known.filter((name) => !columns.some(({ column }) => column === name));
  return (
    <>
      <Table.ScrollContainer minWidth={620} type="native">
        <Table aria-label="Columns of the sheet" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Column</Table.Th>
              <Table.Th>Header</Table.Th>
              <Table.Th>Width</Table.Th>
              <Table.Th>Format</Table.Th>
              <Table.Th>Order</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {columns.map((column, at) => (
              <ColumnRow
                key={column.column}
                column={column}
                canEdit={canEdit}
                place={{ isFirst: at === 0, isLast: at === columns.length - 1 }}
                onChange={(to) => set(at, to)}
                onMove={(by) => move(at, by)}
                onRemove={() => onChange(columns.filter((_, index) => index !== at))}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {canEdit && (
        <Select
          label="Add a column"
          w={{ base: '100%', sm: 240 }}
          searchable
          placeholder="Choose one"
          data={others.map((value) => ({ value, label: columnTitle(value) }))}
          value={null}
          onChange={(column) => column && onChange([...columns, { column }])}
        />
      )}
    </>
  );
}

interface RowProps {
  column: ColorSheetColumn;
  canEdit: boolean;
  place: { isFirst: boolean; isLast: boolean };
  onChange: (column: ColorSheetColumn) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

function ColumnRow({ column, canEdit, place, onChange, onMove, onRemove }: RowProps) {
  const title = columnTitle(column.column);
  const { header: _header, width: _width, format: _format, ...bare } = column;
  const given = (to: Omit<ColorSheetColumn, 'column'>) => {
    const merged = { header: column.header, width: column.width, format: column.format, ...to };
    onChange({ ...bare, ...Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined && value !== '')) });
  };
  return (
    <Table.Tr>
      <Table.Td>{title}</Table.Td>
      <Table.Td>
        <TextInput
          aria-label={`Header of ${title}`}
          placeholder={title}
          value={column.header ?? ''}
          maxLength={200}
          disabled={!canEdit}
          onChange={(event) => given({ header: event.currentTarget.value })}
        />
      </Table.Td>
      <Table.Td w={90}>
        <NumberInput
          aria-label={`Width of ${title}`}
          placeholder="own"
          value={column.width ?? ''}
          min={1}
          max={255}
          hideControls
          disabled={!canEdit}
          onChange={(width) => given({ width: typeof width === 'number' ? width : undefined })}
        />
      </Table.Td>
      <Table.Td w={130}>
        <TextInput
          aria-label={`Format of ${title}`}
          placeholder="usual"
          value={column.format ?? ''}
          maxLength={200}
          disabled={!canEdit}
          onChange={(event) => given({ format: event.currentTarget.value })}
        />
      </Table.Td>
      <Table.Td>
        <Group gap={2} wrap="nowrap">
          <ActionIcon variant="subtle" aria-label={`Move ${title} up`} disabled={!canEdit || place.isFirst} onClick={() => onMove(-1)}>
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" aria-label={`Move ${title} down`} disabled={!canEdit || place.isLast} onClick={() => onMove(1)}>
            <IconArrowDown size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" aria-label={`Leave ${title} out`} disabled={!canEdit} onClick={onRemove}>
            <IconX size={16} />
          </ActionIcon>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
