import { defineConfig } from 'vitest/config';

// The SDK's native bridge is not safe in worker threads. Files that run in one process after each other share its modules: loading them anew
// for each file takes a third of the time.
const shared = { pool: 'forks' as const, isolate: false, exclude: ['node_modules', 'dist'] };

/** What holds on SQLite and on PostgreSQL alike. */
const databaseContracts = ['platform/**/*.contract.test.ts'];

// Builds the product and finds the Temporal CLI, once for all files.
const withProduct = {
  globalSetup: ['test/kit/global-setup.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    // Two cores carry four: most tests wait for a time-out of the product or for a process to start.
    maxWorkers: 4,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['{domain,workflows,activities,platform,api,worker,simulators,bench}/**/*.test.ts'],
          exclude: [...shared.exclude, ...databaseContracts],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'contract',
          globalSetup: ['test/kit/contract-setup.ts'],
          include: databaseContracts,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          ...withProduct,
          name: 'integration',
          include: ['test/**/*.test.ts'],
          exclude: [...shared.exclude, 'test/alone'],
        },
      },
      {
        test: {
          ...shared,
          ...withProduct,
          name: 'alone',
          maxWorkers: 1,
          include: ['test/alone/**/*.test.ts'],
          // The seconds that a caller waits: nothing else may run beside it.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
