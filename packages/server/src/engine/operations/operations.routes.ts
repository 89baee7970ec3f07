// HTTP only: joins the routes of the contract with the services.
import * as backfills from '@tidewheel/contract/routes/backfills';
import * as bulk from '@tidewheel/contract/routes/bulk';
import * as deadLetters from '@tidewheel/contract/routes/dead-letters';
import * as performance from '@tidewheel/contract/routes/performance';
import * as routes from '@tidewheel/contract/routes/run-operations';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { cancelBackfill, listBackfills, previewBackfill, showBackfill, startBackfill } from './backfills.service.ts';
import { previewBulk, runBulk, startMany } from './bulk.service.ts';
import { discard, listDeadLetters, replay, showDeadLetter } from './dead-letters.service.ts';
import type { OperationsDependencies } from './operations-deps.ts';
import { pause, resume } from './pause.service.ts';
import { cancelPerformanceTest, listPerformanceTests, showPerformanceTest, startPerformanceTest } from './performance.service.ts';
import { previewRerun, rerun } from './rerun.service.ts';

export function operationEndpoints(deps: OperationsDependencies): Endpoint[] {
  return [
    endpoint(routes.pauseRun, ({ actor, params }) => pause(deps, actor, params.id)),
    endpoint(routes.resumeRun, ({ actor, params }) => resume(deps, actor, params.id)),
    endpoint(routes.rerunRun, ({ actor, params, body }) => rerun(deps, actor, { ...params, ...body })),
    endpoint(routes.previewRerun, ({ actor, params, body }) => previewRerun(deps, actor, { ...params, ...body })),
    endpoint(bulk.previewBulk, ({ actor, body }) => previewBulk(deps, actor, body)),
    endpoint(bulk.runBulk, ({ actor, params }) => runBulk(deps, actor, params.id)),
    endpoint(bulk.startMany, ({ actor, params, body }) => startMany(deps, actor, { ...params, ...body })),
    endpoint(deadLetters.listDeadLetters, ({ actor, query }) => listDeadLetters(deps, actor, query)),
    endpoint(deadLetters.showDeadLetter, ({ actor, params }) => showDeadLetter(deps, actor, params.id)),
    endpoint(deadLetters.replayDeadLetter, ({ actor, params }) => replay(deps, actor, params.id)),
    endpoint(deadLetters.discardDeadLetter, ({ actor, params, body }) => discard(deps, actor, { ...params, ...body })),
    endpoint(backfills.previewBackfill, ({ actor, params, body }) => previewBackfill(deps, actor, { ...params, ...body })),
    endpoint(backfills.startBackfill, ({ actor, params, body }) => startBackfill(deps, actor, { ...params, ...body })),
    endpoint(backfills.listBackfills, ({ actor, query }) => listBackfills(deps, actor, query)),
    endpoint(backfills.showBackfill, ({ actor, params }) => showBackfill(deps, actor, params.id)),
    endpoint(backfills.cancelBackfill, ({ actor, params }) => cancelBackfill(deps, actor, params.id)),
    endpoint(performance.startPerformanceTest, ({ actor, params, body }) => startPerformanceTest(deps, actor, { ...params, ...body })),
    endpoint(performance.listPerformanceTests, ({ actor, query }) => listPerformanceTests(deps, actor, query)),
    endpoint(performance.showPerformanceTest, ({ actor, params }) => showPerformanceTest(deps, actor, params.id)),
    endpoint(performance.cancelPerformanceTest, ({ actor, params }) => cancelPerformanceTest(deps, actor, params.id)),
  ];
}
