// How steps reach the color desk of their workspace.
import type { ColorPort } from '../../engine/ports.ts';
import { waitOut } from '../../engine/worker/wait-out.ts';
import { type Databases, inWorkspace } from '../../storage/database.ts';
import { findRuleSet } from './rules/rules.store.ts';

export function createColorPort({ databases }: { databases: Databases }): ColorPort {
  return {
    desk: ({ run: { workspaceId }, signal }) => ({
      ruleSet: () => waitOut(() => inWorkspace(databases.app, workspaceId, findRuleSet), signal),
    }),
  };
}
