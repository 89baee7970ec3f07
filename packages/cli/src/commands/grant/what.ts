import { InvalidInput } from '@tidewheel/contract/errors';
import type { Permission } from '@tidewheel/contract/route';
import type { Grant, Shareable } from '@tidewheel/contract/routes/access';
import { ruleText } from '../role/show.ts';

const types = ['flow', 'folder', 'connection', 'credential', 'file'];

/** `flow:mifir-daily`. @throws InvalidInput */
export function objectOf(text: string): { type: Shareable; object: string } {
  const [type = '', ...rest] = text.split(':');
  const object = rest.join(':');
  if (!types.includes(type) || object === '')
    throw new InvalidInput('input.object', `"${text}" does not name an object.`, {
      hint: `Give its type and name: flow:mifir-daily. Types are ${types.join(', ')}.`,
    });
  return { type: type as Shareable, object };
}

export function shareOn(on: string, permissions: string[] | undefined): { type: Shareable; object: string; permissions: Permission[] } {
  if (!permissions) throw new InvalidInput('input.permissions', 'Which permissions?', { hint: 'Give --allow flow.read,flow.run.' });
  return { ...objectOf(on), permissions: permissions as Permission[] };
}

export function whatOf({ role, share, rules }: Grant): string {
  if (role !== null) return `role ${role}`;
  return share ? `${share.permissions.join(', ')} on ${share.type} ${share.object}` : (rules ?? []).map(ruleText).join('; ');
}
