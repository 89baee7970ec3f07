// One host of an import, as far as its line says something; and what is wrong with it.
import type { importFields } from '@tidewheel/contract/routes/target-operations';

export type ImportField = (typeof importFields)[number];

export interface ImportLine {
  line: number;
  name: string;
  /** Texts by field, lists already cut up. What is empty is not here. */
  fields: Partial<Record<Exclude<ImportField, 'name'>, string | string[]>>;
  settings: Record<string, string | number | boolean>;
  facts: Record<string, string | number | boolean>;
  /** Who signs in: a setting where its transport has one for it, else a fact. */
  user?: string;
  /** Groups that it is in besides those that it is in already. */
  addsGroups?: boolean;
}

export interface ImportFault {
  line: number;
  name: string | null;
  message: string;
  hint?: string;
}

export interface Parsed {
  columns: { column: string; field: string | null }[];
  lines: ImportLine[];
  faults: ImportFault[];
  /** What was left out on purpose, once each. */
  notes: string[];
  /** Titles of groups by slug, where they are not the slug. */
  groupTitles: Map<string, string>;
}

export const listFields: ReadonlySet<string> = new Set(['tags', 'groups', 'dependsOn'] satisfies ImportField[]);

export function listOf(text: string): string[] {
  return text.split(/[\s,;|]+/).filter(Boolean);
}

/** `22`, `true` and `db` as their authors mean them. Digits with a zero before them stay a text. */
export function readValue(text: string): string | number | boolean {
  if (/^(0|-?[1-9]\d{0,14})(\.\d{1,6})?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text;
}
