// The values of a form by dotted path, and what of them is sent.

export type FormValues = Record<string, unknown>;

export function valueAt(values: FormValues, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as FormValues)[key] : undefined), values);
}

/** A copy with one value changed; undefined removes it. */
export function withValue(values: FormValues, path: string, value: unknown): FormValues {
  const [key = '', ...rest] = path.split('.');
  if (rest.length > 0) return { ...values, [key]: withValue((values[key] as FormValues | undefined) ?? {}, rest.join('.'), value) };
  const { [key]: _, ...others } = values;
  return value === undefined ? others : { ...others, [key]: value };
}

/** Without empty texts and empty groups: a field left empty is a field not given. */
export function givenValues(values: FormValues): FormValues {
  const given = Object.entries(values)
    .map(([key, value]): [string, unknown] => [key, isGroup(value) ? givenValues(value) : value])
    .filter(([, value]) => value !== '' && value !== undefined && !(isGroup(value) && Object.keys(value).length === 0));
  return Object.fromEntries(given);
}

/** What somebody typed where a text or a number may stand: a number as one, as far as it is written as it would be read. */
export function scalarOf(typed: string): string | number {
  return typed !== '' && String(Number(typed)) === typed && Number.isFinite(Number(typed)) ? Number(typed) : typed;
}

/** Of what is given, what is not as it was. */
export function changedValues(given: FormValues, before: FormValues): FormValues {
  return Object.fromEntries(Object.entries(given).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key])));
}

function isGroup(value: unknown): value is FormValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
