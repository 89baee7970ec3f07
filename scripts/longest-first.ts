// The order of test files: what takes long begins first, so that nothing long is left when all others have ended. A file's size says little about that.
import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Longest first, as CI took for them; all others follow by their size. Only files of projects that isolate: the others keep what they have loaded. */
const long = [
  'tests/model/protocol.test.ts',
  'packages/steps/src/winrm/winrm-place.test.ts',
  'packages/steps/src/ssh/bad-hosts.test.ts',
  'packages/steps/src/ssh/copy.step.test.ts',
  'packages/server/src/storage/objects/s3-store.test.ts',
  'packages/steps/src/ssh/private-key.test.ts',
  'packages/steps/src/ssh/run.step.test.ts',
  'packages/steps/src/delivery/deliver-sftp.test.ts',
  'packages/server/src/storage/tables/table-engine.test.ts',
  'packages/steps/src/s3/s3.test.ts',
  'scripts/house.test.ts',
  'tests/journeys/web/screens.journey.test.ts',
  'tests/journeys/cli/audit.journey.test.ts',
  'tests/journeys/cli/demo-flows.journey.test.ts',
  'scripts/start.crash.test.ts',
  'tests/journeys/cli/connections.journey.test.ts',
  'tests/journeys/web/schedules.journey.test.ts',
  'tests/journeys/web/color-buffer.journey.test.ts',
  'tests/journeys/web/operating.journey.test.ts',
  'tests/journeys/web/long-log.journey.test.ts',
  'tests/journeys/web/flows.journey.test.ts',
  'tests/journeys/cli/operating.journey.test.ts',
  'tests/journeys/cli/kept-session.journey.test.ts',
  'tests/journeys/web/color-desk.journey.test.ts',
  'tests/journeys/web/targets.journey.test.ts',
  'packages/server/src/engine/worker/engine.crash.test.ts',
  'packages/server/src/storage/postgres/embedded.crash.test.ts',
  'tests/journeys/web/access.journey.test.ts',
  'tests/journeys/cli/versions.journey.test.ts',
  'tests/journeys/web/sso.journey.test.ts',
  'tests/journeys/web/sign-in.journey.test.ts',
  'tests/attacks/injection.attack.test.ts',
  'tests/journeys/bad-input/documents.journey.test.ts',
  'tests/journeys/web/reconnect.journey.test.ts',
];

const root = path.resolve(import.meta.dirname, '..');
function rank({ moduleId }: TestSpecification): number {
  const place = long.indexOf(path.relative(root, moduleId));
  return place < 0 ? long.length : place;
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.sort((one, other) => one.project.config.sequence.groupOrder - other.project.config.sequence.groupOrder || rank(one) - rank(other));
  }
}
