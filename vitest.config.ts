import { defineConfig } from 'vitest/config'

/** These need a control plane. All of their files share one, which is started only if one of them runs. */
const withControlPlane = ['test/controlplane/**/*.test.ts', 'test/cluster/**/*.test.ts', 'test/operator/**/*.test.ts']

export default defineConfig({
  test: {
    testTimeout: 60_000,
    // Tests of the operator mostly wait: for a Lease to run out, or for what must not happen.
    maxWorkers: 3,
    projects: [
      { extends: true, test: { name: 'offline', include: ['test/**/*.test.ts'], exclude: withControlPlane } },
      {
        extends: true,
        test: {
          name: 'controlplane',
          include: withControlPlane,
          globalSetup: 'test/controlplane/setup.ts',
          testTimeout: 120_000,
        },
      },
    ],
  },
})
