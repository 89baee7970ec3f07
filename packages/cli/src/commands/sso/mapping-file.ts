// Files of rules and of claims, in JSON.
import { InvalidInput } from '@tidewheel/contract/errors';
import { SsoMapping } from '@tidewheel/contract/routes/sso';
import { readText } from '../../input.ts';

async function readJson(fileName: string): Promise<unknown> {
  const text = await readText(fileName);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidInput('sso.file', `${fileName} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** `{ "rules": [...], "otherwise": null }`, or the list of rules alone. @throws InvalidInput that names each place */
export async function readMapping(fileName: string): Promise<SsoMapping> {
  const value = await readJson(fileName);
  const read = SsoMapping.safeParse(Array.isArray(value) ? { rules: value, otherwise: null } : value);
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.') || 'file', message, severity: 'error' }));
  throw new InvalidInput('sso.rules', `${fileName}: ${faults.map(({ path, message }) => `${path}: ${message}`).join('; ')}`, {
    hint: 'Like {"rules": [{"operator": "contains", "value": "operators", "workspace": "main", "role": "operator"}], "otherwise": null}.',
    details: { faults },
  });
}

/** One object of claims, or a list of them. @throws InvalidInput */
export async function readClaims(fileName: string): Promise<Record<string, unknown>[]> {
  const value = await readJson(fileName);
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > 0 && list.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one))) return list as Record<string, unknown>[];
  throw new InvalidInput('sso.claims', `${fileName}: claims are an object, or a list of objects`, { hint: 'Like {"sub": "…", "groups": ["…"]}.' });
}
