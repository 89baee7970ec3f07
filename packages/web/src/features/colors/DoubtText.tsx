import { Text } from '@mantine/core';
import { type ColorDoubts, type ColorField, colorFields } from '@tidewheel/contract/color';
import type { ReactNode } from 'react';
import classes from './DoubtText.module.css';

type Doubt = ColorDoubts[string];

export function fieldTitle(field: string): string {
  return field in colorFields ? colorFields[field as ColorField].title : field;
}

/** How sure the reader is of the value it took; of what it took none for it says nothing. */
export function sureness({ confidence }: Doubt): string {
  return confidence === 0 ? '' : ` (${Math.round(confidence * 100)}% sure)`;
}

/** One doubt in a sentence. */
export function DoubtText({ field, doubt }: { field: string; doubt: Doubt }) {
  return (
    <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
      {fieldTitle(field)} <code>{doubt.was}</code> {doubt.why}
      {sureness(doubt)}
      {doubt.repair !== undefined && (
        <>
          : probably <code>{doubt.repair}</code>
        </>
      )}
    </Text>
  );
}

/** The value of a field, marked where it is in doubt; what the doubt is stands in words beside it. */
export function FieldValue({ field, doubts, children }: { field: string; doubts: ColorDoubts; children: ReactNode }) {
  const doubt = doubts[field];
  if (doubt === undefined) return children;
  return (
    <mark className={classes['doubtful']} title={`${doubt.was} ${doubt.why}${sureness(doubt)}`} data-doubt={field}>
      {children}
    </mark>
  );
}
