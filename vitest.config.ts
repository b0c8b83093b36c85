import { defineConfig } from 'vitest/config';

// The SDK's native bridge is not safe in worker threads, so every test file is a process of its own.
const shared = { pool: 'forks' as const, exclude: ['node_modules', 'dist'] };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['{domain,workflows,activities,platform,api,worker,simulators}/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'integration',
          include: ['test/**/*.test.ts'],
          // Builds the product and finds the Temporal CLI, once for all files.
          globalSetup: ['test/kit/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
