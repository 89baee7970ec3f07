// How steps reach the color desk of their workspace.
import type { ColorPort } from '../../engine/ports.ts';
import { waitOut } from '../../engine/worker/wait-out.ts';
import { type Databases, inWorkspace } from '../../storage/database.ts';
import { keepColors } from './processing/keep-colors.ts';
import { findRuleSet } from './rules/rules.store.ts';

export function createColorPort({ databases }: { databases: Databases }): ColorPort {
  return {
    desk: ({ run, step, now, today, startedBy, signal }) => ({
      ruleSet: () => waitOut(() => inWorkspace(databases.app, run.workspaceId, findRuleSet), signal),
      async keep({ rules: ruleSet, rows }) {
        const where = { workspaceId: run.workspaceId, runId: run.id, step };
        const about = { kind: 'automatic', sessionId: null, date: today, startedAt: now, by: startedBy } as const;
        const { number, taken, excluded, kept, families } = await keepColors(databases, { ...where, ...about, ruleSet, rows });
        return { processing: number, taken, excluded, kept, families };
      },
    }),
  };
}
