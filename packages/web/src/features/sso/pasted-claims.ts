import { InvalidInput } from '@tidewheel/contract/errors';

/** One object of claims or a list of them, as people paste them. @throws InvalidInput */
export function claimsOf(text: string): Record<string, unknown>[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InvalidInput('sso.claims', `This is not JSON: ${(cause as Error).message}`, { hint: 'Paste the payload of an ID token as JSON.', cause });
  }
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || list.some((one) => typeof one !== 'object' || one === null || Array.isArray(one)))
    throw new InvalidInput('sso.claims', 'Claims are an object, or a list of objects.', { hint: 'Like { "sub": "…", "groups": ["…"] }.' });
  return list as Record<string, unknown>[];
}
