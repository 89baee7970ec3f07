/** What people call one of many that a step runs for: its `name`, as hosts have it, else itself where it is a text or a number; null where its place alone tells it apart. */
export function itemName(value: unknown): string | null {
  const name = typeof value === 'object' && value !== null ? (value as { name?: unknown }).name : value;
  return (typeof name === 'string' && name !== '') || typeof name === 'number' ? String(name).slice(0, 200) : null;
}
