import { Box, Group, Text } from '@mantine/core';
import { type ColorSheetColumn, columnTitle } from '@tidewheel/contract/color-sheet';

/** Of a column without a width of its own. */
const usualWidth = 12;

/** The header of the sheet as it will stand there, in its widths; it goes on below where the page is narrower. */
export function SheetPreview({ columns }: { columns: ColorSheetColumn[] }) {
  return (
    <Box>
      <Text size="sm" fw={600} mb={4}>
        Preview of the header
      </Text>
      <Group gap={0} role="list" aria-label="Preview of the header">
        {columns.map(({ column, header, width }) => (
          <Box key={column} role="listitem" w={`${width ?? usualWidth}ch`} maw="100%" px={6} py={4} bd="1px solid var(--mantine-color-default-border)">
            <Text size="sm" fw={600} truncate>
              {header ?? columnTitle(column)}
            </Text>
          </Box>
        ))}
      </Group>
    </Box>
  );
}
