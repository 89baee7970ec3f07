// How steps reach the color desk of their workspace.
import type { ColorPort } from '../../engine/ports.ts';
import { waitOut } from '../../engine/worker/wait-out.ts';
import { type Databases, inWorkspace } from '../../storage/database.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import { takeRows } from './buffer/take-rows.store.ts';
import { keepColors } from './processing/keep-colors.ts';
import { findRuleSet } from './rules/rules.store.ts';
import { findSheet } from './sheet/sheet.store.ts';
import { collectColors } from './uploads/collect.ts';

export interface ColorPortDeps {
  databases: Databases;
  objects: ObjectStore;
}

export function createColorPort({ databases, objects }: ColorPortDeps): ColorPort {
  return {
    desk: ({ run, step, now, today, startedBy, signal, isDry, tables }) => ({
      ruleSet: () => waitOut(() => inWorkspace(databases.app, run.workspaceId, findRuleSet), signal),
      sheet: () => waitOut(() => inWorkspace(databases.app, run.workspaceId, async (trx) => (await findSheet(trx)).sheet), signal),
      collect({ from, ...how }) {
        const collecting = { workspaceId: run.workspaceId, runId: run.id, step, by: startedBy, ...how };
        if (from.kind === 'file') return collectColors({ databases, objects }, collecting, { file: from });
        const columns = from.columns.map(({ name }) => name);
        return collectColors({ databases, objects }, collecting, { table: { sha256: from.sha256, columns, rows: () => tables.rows(from) } });
      },
      take: (wanted) => takeRows(databases, { workspaceId: run.workspaceId, runId: run.id, step, isDry, ...wanted }),
      async keep({ rules: ruleSet, rows }) {
        const where = { workspaceId: run.workspaceId, runId: run.id, step };
        const about = { kind: 'automatic', sessionId: null, date: today, startedAt: now, by: startedBy } as const;
        const { number, taken, excluded, kept, families } = await keepColors(databases, { ...where, ...about, ruleSet, rows });
        return { processing: number, taken, excluded, kept, families };
      },
    }),
  };
}
