import { Text } from '@mantine/core';
import { type ColorDoubts, type ColorField, colorFields } from '@tidewheel/contract/color';

export function fieldTitle(field: string): string {
  return field in colorFields ? colorFields[field as ColorField].title : field;
}

/** One doubt in a sentence. */
export function DoubtText({ field, doubt }: { field: string; doubt: ColorDoubts[string] }) {
  return (
    <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
      {fieldTitle(field)} <code>{doubt.was}</code> {doubt.why}
      {doubt.repair !== undefined && (
        <>
          : probably <code>{doubt.repair}</code>
        </>
      )}
    </Text>
  );
}
