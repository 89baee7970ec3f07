import { Mask, Rule } from '@tidewheel/contract/access';
import { InvalidInput } from '@tidewheel/contract/errors';
import { z } from 'zod';
import { readText } from '../../input.ts';

const Content = z.object({
  title: z.string().optional(),
  description: z.string().optional(),
  rules: z.array(Rule),
  masks: z.array(Mask).default([]),
});

/** What `tidewheel role show --json` prints, from a file or stdin. @throws InvalidInput naming each fault */
export async function readRole(fileName: string): Promise<z.infer<typeof Content>> {
  const text = await readText(fileName);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InvalidInput('input.json', `${fileName} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  const parsed = Content.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message, severity: 'error' as const }));
  throw new InvalidInput('input.role', `${fileName} does not hold a role.`, {
    hint: 'Begin with what `tidewheel role show <role> --json` prints.',
    details: { faults },
  });
}

/** `flow.read,flow.run`, as people type it. */
export function permissionList(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
