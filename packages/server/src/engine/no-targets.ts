// An installation without hosts: what looks for one finds none.
import { NotFound } from '@tidewheel/contract/errors';
import type { TargetPort } from './ports.ts';

export const noTargets: TargetPort = {
  open: async (_workspaceId, name) => {
    throw new NotFound('target.unknown', `There is no target "${name}".`, { hint: 'Add it under Connect, Targets.' });
  },
  find: async () => [],
  list: async () => [],
  inMaintenance: async () => [],
};
