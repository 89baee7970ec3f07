// Which fields of a step the form can show, and which stay as they are in the text.
import type { StepTypeInfo } from '@tidewheel/contract/step-type';
import { isValues, type Values, valuesIn } from '../../../flow-editor/document/read-flow.ts';
import { type FormField, fieldsOf, type Schema } from '../../../form/schema-fields.ts';

/** The configuration of the step type, without what is written in a way that its inputs cannot show: a computed number, a named thing where a text is asked. */
export function configForm(type: StepTypeInfo, config: Values): { schema: Schema; hidden: string[] } {
  const properties = valuesIn(type.config, 'properties');
  const fields = fieldsOf(type.config);
  const unfit = fields.filter((field) => !fits(field, config[field.name])).map(({ name }) => name);
  const unknown = Object.keys(config).filter((name) => !Object.hasOwn(properties, name));
  return {
    schema: { ...type.config, properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !unfit.includes(name))) },
    hidden: [...unfit, ...unknown],
  };
}

function fits({ kind, values, isInteger }: FormField, value: unknown): boolean {
  if (value === undefined) return true;
  switch (kind) {
    case 'json':
      return true;
    case 'number':
      return typeof value === 'number' && (!isInteger || Number.isInteger(value));
    case 'scalar':
      return typeof value === 'string' || typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'select':
      return values?.includes(value) ?? false;
    case 'list':
      return typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
    case 'group':
    case 'variant':
      return isValues(value);
    default:
      return typeof value === 'string';
  }
}

/** Booleans stand at their default where nothing is written. */
export function withDefaults(schema: Schema, values: Values): Values {
  const defaults = Object.entries(valuesIn(schema, 'properties')).flatMap(([name, property]) =>
    isValues(property) && property['default'] === true && values[name] === undefined ? [[name, true] as const] : [],
  );
  return { ...Object.fromEntries(defaults), ...values };
}

const duration = { type: 'string', examples: ['30s'], pattern: '^(?:\\d+(?:ms|s|m|h|d))+$' };

/** What any step may have besides its configuration. */
export const advancedSchema: Schema = {
  type: 'object',
  properties: {
    when: { type: 'string', title: 'Only when', description: 'An expression; when it is false the step is skipped', field: 'expression' },
    timeout: { ...duration, title: 'Time limit', examples: ['10m'] },
    mayFail: { type: 'boolean', title: 'May fail: the run goes on' },
    retry: {
      type: 'object',
      title: 'Retry',
      properties: {
        attempts: { type: 'integer', title: 'Attempts in all', minimum: 1, maximum: 100 },
        delay: { ...duration, title: 'Before the second', examples: ['1s'] },
        factor: { type: 'number', title: 'Each further delay is longer by', minimum: 1, maximum: 10, examples: [2] },
      },
    },
    each: {
      type: 'object',
      title: 'For each of many',
      properties: {
        over: { type: 'string', title: 'Items', description: 'An expression that gives a list', field: 'expression', examples: ['hosts.split(",")'] },
        rows: { type: 'string', title: 'Or the rows of a step', examples: ['hosts'] },
        concurrency: { type: 'integer', title: 'At once', minimum: 1, maximum: 1_000, examples: [10] },
        waves: { type: 'array', items: { type: 'string' }, title: 'Waves', description: 'So many first, then a share at a time: 1, 10%' },
        onFailure: { enum: ['continue', 'stop'], title: 'After one has failed' },
        mayFail: { type: 'integer', title: 'So many may fail', minimum: 0, examples: [0] },
      },
    },
  },
};
const advancedKeys = Object.keys(advancedSchema['properties'] as object);
const shownKeys = new Set(['use', 'title', 'with', 'after', 'on', 'steps', ...advancedKeys]);

export function advancedOf(values: Values): Values {
  const shown: Values = Object.fromEntries(advancedKeys.filter((key) => values[key] !== undefined).map((key) => [key, values[key]]));
  const { waves, ...each } = valuesIn(shown, 'each');
  return Array.isArray(waves) ? { ...shown, each: { ...each, waves: waves.map(String) } } : shown;
}

/** As the document has it: a wave is a number or a share. */
export function advancedWritten(values: Values): Values {
  const { waves, ...each } = valuesIn(values, 'each');
  if (!Array.isArray(waves)) return values;
  return { ...values, each: { ...each, waves: waves.map((wave) => (/^\d+$/.test(String(wave)) ? Number(wave) : wave)) } };
}

/** Keys of a step for which the form has no place. */
export function otherKeys(values: Values): string[] {
  return Object.keys(values).filter((key) => !shownKeys.has(key) && !(key === 'from' && typeof values[key] === 'string'));
}
