/** What a report step noted about checking its file against schemas, as one line; null when the artifact is no such file. */
export function validationText(metadata: unknown): string | null {
  const validation = field(metadata, 'validation');
  const result = field(validation, 'result');
  if (typeof result !== 'string') return null;
  if (result === 'not validated') return 'Not checked against schemas: the step names none';
  const schemas = field(validation, 'schemas');
  const names = Array.isArray(schemas) ? schemas.map((schema) => field(schema, 'slug')).filter((slug) => typeof slug === 'string') : [];
  const notCovered = field(validation, 'notCovered');
  const gap = Array.isArray(notCovered) && notCovered.length > 0 ? `; not covered: ${notCovered.join(', ')}` : '';
  return `Checked against ${names.length > 0 ? names.join(', ') : 'schemas'}: ${result}${gap}`;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
