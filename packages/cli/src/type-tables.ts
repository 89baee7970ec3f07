// How `types` shows what there is to choose from: connectors, and kinds of credentials.
import type { Printer } from './output/printer.ts';
import { plain } from './output/text.ts';
import { schemaFields } from './schema-fields.ts';

interface TypeText {
  type: string;
  title: string;
  description: string;
}

export function printTypes(print: Printer, types: TypeText[]): void {
  print.table(
    [
      { title: 'Type', value: (one) => one.type, whole: true },
      { title: 'Title', value: (one) => one.title },
      { title: 'What', value: (one) => one.description },
    ],
    types,
  );
}

/** Each field with the option that gives it. `set`, `secret`: JSON Schemas of what --set and --secret write. */
export function printFields(print: Printer, { title, description }: TypeText, { set, secret }: Record<'set' | 'secret', Record<string, unknown>>): void {
  print.line(`${plain(title)}: ${plain(description)}\n`);
  print.table(
    [
      { title: 'Option', value: (row) => row.option },
      { title: 'Name', value: (row) => row.name, whole: true },
      { title: 'Type', value: (row) => row.type },
      { title: 'Default', value: (row) => (row.isRequired ? '(required)' : row.default) },
      { title: 'Meaning', value: (row) => row.text },
    ],
    [...schemaFields(set).map((field) => ({ ...field, option: '--set' })), ...schemaFields(secret).map((field) => ({ ...field, option: '--secret' }))],
  );
}
