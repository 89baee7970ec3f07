import { installationPermissions, permissions } from '@tidewheel/contract/route';
import { expect, test } from 'vitest';
import { permissionGroups } from './permission-words.ts';

test('each permission is offered once, and those of the installation say so', () => {
  const shown = permissionGroups.flatMap((group) => group.permissions);
  expect(shown.toSorted()).toEqual([...permissions].toSorted());
  const installation = permissionGroups.find(({ title }) => title.startsWith('The installation'))?.permissions ?? [];
  for (const permission of installationPermissions) expect(installation).toContain(permission);
});
