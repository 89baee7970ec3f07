// How steps reach the color desk of their workspace.
import type { ColorPort } from '../../engine/ports.ts';
import { waitOut } from '../../engine/worker/wait-out.ts';
import { type Databases, inWorkspace } from '../../storage/database.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import { takeRows } from './buffer/take-rows.store.ts';
import { keepColors } from './processing/keep-colors.ts';
import { findRunStart } from './processing/run-start.store.ts';
import { findRuleSet } from './rules/rules.store.ts';
import { findSessionOfRun, takeSessionRows } from './sessions/process-session.store.ts';
import { findSheet } from './sheet/sheet.store.ts';
import { collectColors } from './uploads/collect.ts';

export interface ColorPortDeps {
  databases: Databases;
  objects: ObjectStore;
}

export function createColorPort({ databases, objects }: ColorPortDeps): ColorPort {
  return {
    desk: ({ run, step, today, startedBy, signal, isDry, tables }) => ({
      ruleSet: () => waitOut(() => inWorkspace(databases.app, run.workspaceId, findRuleSet), signal),
      sheet: () => waitOut(() => inWorkspace(databases.app, run.workspaceId, async (trx) => (await findSheet(trx)).sheet), signal),
      arranged: async () => (await findSessionOfRun(databases, { workspaceId: run.workspaceId, runId: run.id }))?.ruleSet ?? null,
      collect({ from, ...how }) {
        const collecting = { workspaceId: run.workspaceId, runId: run.id, step, by: startedBy, ...how };
        if (from.kind === 'file') return collectColors({ databases, objects }, collecting, { file: from });
        const columns = from.columns.map(({ name }) => name);
        return collectColors({ databases, objects }, collecting, { table: { sha256: from.sha256, columns, rows: () => tables.rows(from) } });
      },
      async *take(wanted) {
        const where = { workspaceId: run.workspaceId, runId: run.id };
        const session = await findSessionOfRun(databases, where);
        yield* session ? takeSessionRows(databases, { ...where, session: session.id }) : takeRows(databases, { ...where, step, isDry, ...wanted });
      },
      async keep({ rules: ruleSet, rows }) {
        const where = { workspaceId: run.workspaceId, runId: run.id, step };
        const session = await findSessionOfRun(databases, where);
        const how = session
          ? ({ kind: 'manual', sessionId: session.id, sessionRevision: session.revision } as const)
          : ({ kind: 'automatic', sessionId: null } as const);
        const about = { ...how, date: today, startedAt: await findRunStart(databases, where), by: startedBy } as const;
        const { number, taken, excluded, kept, families } = await keepColors(databases, { ...where, ...about, ruleSet, rows });
        return { processing: number, taken, excluded, kept, families };
      },
    }),
  };
}
