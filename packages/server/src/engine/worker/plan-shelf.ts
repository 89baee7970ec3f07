// The plans of the runs that a worker meets, made once each.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type pg from 'pg';
import { type Plan, planFlow } from '../flows/plan.ts';
import { upgradeDocument } from '../flows/upgrade.ts';
import type { StepTypes } from '../ports.ts';
import { type ClaimedRun, readMadeDocument, readVersion } from './claim.store.ts';

const mostKept = 500;

export class PlanShelf {
  readonly #types: StepTypes;
  readonly #pool: pg.Pool;
  readonly #plans = new Map<string, Plan>();

  constructor({ types, pool }: { types: StepTypes; pool: pg.Pool }) {
    this.#types = types;
    this.#pool = pool;
  }

  /** @throws InvalidInput when it cannot be planned any more */
  async planOf(run: Pick<ClaimedRun, 'id' | 'version_id' | 'has_document' | 'part' | 'given'>): Promise<Plan> {
    const key = [run.has_document ? run.id : run.version_id, run.part, run.given?.join()].join('|');
    const known = this.#plans.get(key);
    if (known) return known;
    const plan = planFlow(await this.#document(run), this.#types, { part: run.part, given: run.given });
    if (this.#plans.size >= mostKept) this.#plans.clear();
    this.#plans.set(key, plan);
    return plan;
  }

  async #document(run: Pick<ClaimedRun, 'id' | 'version_id' | 'has_document'>): Promise<FlowDocument> {
    if (run.has_document) return readMadeDocument(this.#pool, run.id);
    return upgradeDocument({ ...(await readVersion(this.#pool, run.version_id)), types: this.#types });
  }
}
