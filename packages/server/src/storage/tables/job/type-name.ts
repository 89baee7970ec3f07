import { InvalidInput } from '@tidewheel/contract/errors';

/** A type as people write it (`DECIMAL(18,2)`), never free SQL. */
export function typeName(step: string, type: string): string {
  if (/^[A-Za-z][A-Za-z0-9_ ]*(\(\s*\d+\s*(,\s*\d+\s*)?\))?(\s+with time zone)?(\[\])?$/i.test(type)) return type;
  throw new InvalidInput('table.type', `Step ${step}: "${type}" is not the name of a type.`, {
    hint: 'Types are for example BIGINT, DECIMAL(18,2), DOUBLE, VARCHAR, DATE, TIMESTAMP, BOOLEAN.',
    details: { step },
  });
}
