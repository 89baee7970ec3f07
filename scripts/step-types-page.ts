// The reference page of the step types, made from their own schemas, descriptions and examples.
import type { AnyStepType } from '@tidewheel/kit/define-step';
import { stepTypes } from '@tidewheel/steps/index';
import { stringify } from 'yaml';
import { z } from 'zod';

interface Schema {
  type?: string;
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  field?: string;
  widget?: string;
  of?: string;
  language?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  minimum?: number;
  maximum?: number;
}

export function stepTypesPage(): string {
  const groups = [...new Set(stepTypes.map((type) => type.ui.group))];
  const parts = groups.map((group) => [`## ${group}`, ...stepTypes.filter((type) => type.ui.group === group).map(section)].join('\n\n'));
  const head =
    '<!-- Made by scripts/generate-docs.mjs from the step types; do not edit. -->\n# Step types\n\nHow they are used in a flow: [the flow document](flow-document.md). `[]` stands for each entry of a list, `*` for any key.';
  return `${[head, ...parts].join('\n\n')}\n`;
}

function section(type: AnyStepType): string {
  const schema = z.toJSONSchema(type.config, { io: 'input', unrepresentable: 'any' }) as Schema;
  const rows = rowsOf(schema, '');
  const table = ['| field | value | | meaning |', '|---|---|---|---|', ...rows].join('\n');
  const examples = type.examples.map(
    ({ title, config }) => `${title}:\n\n\`\`\`yaml\n${stringify({ use: type.type, with: config }, { lineWidth: 120 })}\`\`\``,
  );
  return [
    `### \`${type.type}\`: ${type.ui.title}`,
    type.description.trim(),
    `${inputsOf(type)} ${producesOf(type)}`,
    ...(rows.length > 0 ? [table] : []),
    ...examples,
  ].join('\n\n');
}

function inputsOf({ inputs }: AnyStepType): string {
  if (inputs.max === 0 || inputs.carries === 'none') return 'Takes no input.';
  const what = inputs.carries === 'any' ? 'anything' : `${inputs.carries}s`;
  const named = inputs.named ? ` named ${inputs.named.map((name) => `\`${name}\``).join(' and ')}` : '';
  const count =
    inputs.max === null
      ? `${inputs.min} or more inputs`
      : inputs.min === inputs.max
        ? `${inputs.min} input${inputs.min === 1 ? '' : 's'}`
        : `${inputs.min} to ${inputs.max} inputs`;
  return `Takes ${count}${named} (${what}).`;
}
function producesOf(type: AnyStepType): string {
  const artifacts = type.artifacts ? ' Its files become artifacts of the run.' : '';
  return `Produces ${type.produces === 'none' ? 'nothing' : `a ${type.produces}`}.${artifacts}`;
}

/** One row for each field, those inside lists, maps and objects below their own. */
function rowsOf(schema: Schema, prefix: string): string[] {
  const rows: string[] = [];
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    rows.push(row(`${prefix}${name}`, field, schema.required?.includes(name) ?? false), ...rowsInside(field, `${prefix}${name}`));
  }
  return rows;
}
function rowsInside(field: Schema, path: string): string[] {
  const alternatives = field.anyOf ?? field.oneOf ?? [field];
  return alternatives.flatMap((each) => {
    if (each.type === 'array' && each.items) return rowsInside(each.items, `${path}[]`);
    if (each.properties) return rowsOf(each, `${path}.`);
    return typeof each.additionalProperties === 'object' ? rowsInside(each.additionalProperties, `${path}.*`) : [];
  });
}

function row(path: string, field: Schema, required: boolean): string {
  const standard = field.default === undefined ? (required ? 'required' : '') : `\`${JSON.stringify(field.default)}\``;
  const meaning = [field.title, field.description].filter(Boolean).join('. ');
  return `| \`${path}\` | ${cell(shapeOf(field))} | ${cell(standard)} | ${cell(meaning)} |`;
}
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}

const nouns: Record<string, string> = { string: 'text', integer: 'whole number', number: 'number', boolean: 'true or false', object: 'mapping' };

function shapeOf(field: Schema): string {
  if (field.enum) return field.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (field.const !== undefined) return `\`${String(field.const)}\``;
  const alternatives = field.anyOf ?? field.oneOf;
  if (alternatives) return [...new Set(alternatives.map(shapeOf))].join(' or ');
  if (field.type === 'array') return `list of ${field.items ? shapeOf(field.items) : 'anything'}`;
  if (field.widget === 'connection') return `connection (${field.of?.split('|').join(' or ') ?? 'any'})`;
  if (field.widget === 'file') return 'uploaded file (or template)';
  if (field.field === 'template') return 'template';
  if (field.field === 'expression') return 'expression';
  if (field.field === 'row') return 'SQL of a row';
  if (field.language === 'sql') return 'SQL';
  if (typeof field.additionalProperties === 'object') return `mapping of names to ${shapeOf(field.additionalProperties)}`;
  return `${nouns[field.type ?? ''] ?? 'anything'}${rangeOf(field)}`;
}
function rangeOf({ minimum, maximum }: Schema): string {
  const top = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  const bottom = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  if (bottom !== undefined && top !== undefined) return `, ${bottom} to ${top}`;
  if (bottom !== undefined) return `, at least ${bottom}`;
  return top === undefined ? '' : `, at most ${top}`;
}
