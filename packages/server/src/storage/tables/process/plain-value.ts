/** What turns a value as the DuckDB client writes it in JSON into ours (kit's Row), or undefined when it already is. */
export function plainValue(type: string): ((value: unknown) => unknown) | undefined {
  // 2001-01-01 00:01:00+00 -> 2001-01-01T00:01:00Z: an instant is written in UTC, as everywhere in the product.
  if (type === 'TIMESTAMP WITH TIME ZONE')
    return (value) =>
      String(value)
        .replace(' ', 'T')
        .replace(/\+00(:00)?$/, 'Z');
  if (type.startsWith('TIMESTAMP')) return (value) => String(value).replace(' ', 'T');
  return undefined;
}
