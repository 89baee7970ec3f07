// The form in which a parameter is declared; its default is asked for in its own type.
import type { Parameter } from '@tidewheel/contract/flow-document';
import type { Values } from '../../../flow-editor/document/read-flow.ts';
import type { Schema } from '../../../form/schema-fields.ts';

const parameterTypes: Parameter['type'][] = ['string', 'integer', 'number', 'boolean', 'date', 'datetime'];
const shownKeys = ['type', 'title', 'description', 'required', 'default', 'choices', 'minimum', 'maximum'];
const isNumber = (type: unknown) => type === 'integer' || type === 'number';

export function parameterSchema(values: Values): Schema {
  const bounds = isNumber(values['type']) ? { minimum: { type: values['type'], title: 'At least' }, maximum: { type: values['type'], title: 'At most' } } : {};
  return {
    type: 'object',
    required: ['type'],
    properties: {
      type: { enum: parameterTypes, title: 'Type' },
      title: { type: 'string', title: 'Asked as' },
      description: { type: 'string', title: 'Explained as' },
      required: { type: 'boolean', title: 'Must be given' },
      default: { ...defaultSchema(values), title: 'Default' },
      ...(values['type'] !== 'boolean' && {
        choices: { type: 'array', items: { type: 'string' }, title: 'Choices', description: 'Nothing else can be given' },
      }),
      ...bounds,
    },
  };
}

/** A default may be computed, as `today` is: that one is text whatever the type. */
function defaultSchema({ type, default: written }: Values): Schema {
  if (type === 'boolean' && typeof written !== 'string') return { enum: [true, false] };
  if (isNumber(type) && typeof written !== 'string') return { type };
  return { type: 'string', ...(type === 'date' && { examples: ['today'] }), ...(type === 'datetime' && { examples: ['now'] }) };
}

export function parameterOf(values: Values): Values {
  const { choices } = values;
  const required = values['required'] ?? values['default'] === undefined;
  return { ...values, required, ...(Array.isArray(choices) && { choices: choices.map(String) }) };
}

/** As the document has it. What the form does not show is kept. */
export function parameterWritten(old: Values, shown: Values): Values {
  const kept = Object.fromEntries(Object.entries(old).filter(([key]) => !shownKeys.includes(key)));
  const next: Values = { ...kept, ...shown };
  // What follows from the default needs no saying.
  if (old['required'] === undefined && shown['required'] === (old['default'] === undefined)) delete next['required'];
  if (Array.isArray(next['choices']) && isNumber(next['type'])) next['choices'] = next['choices'].map(asNumber);
  if (old['type'] !== next['type'] && typeof next['default'] !== 'string') delete next['default'];
  return next;
}

function asNumber(choice: unknown): unknown {
  const number = Number(choice);
  return String(choice).trim() === '' || Number.isNaN(number) ? choice : number;
}
