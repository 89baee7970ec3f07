// Somebody with rules and masks of his own, as the services meet him.
import { Ability } from '@tidewheel/contract/ability';
import { Mask, Rule } from '@tidewheel/contract/access';
import type { z } from 'zod';
import type { Actor } from '../base/actor.ts';
import { newId } from '../base/ids.ts';

export interface Limits {
  rules: z.input<typeof Rule>[];
  masks?: z.input<typeof Mask>[];
  label?: string;
}

export function limitedActor(workspaceId: string, { rules, masks = [], label = 'eve@example.com' }: Limits): Actor {
  const role = { rules: rules.map((rule) => Rule.parse(rule)), masks: masks.map((mask) => Mask.parse(mask)) };
  const ability = new Ability([{ kind: 'role', title: 'role Limited', ...role, me: label, until: null, id: null } as never]);
  return { userId: newId(), label, workspaceId, role: 'limited', permissions: ability.permissions, ability };
}
