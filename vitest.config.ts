import { defineConfig } from 'vitest/config'

/** These need a control plane. All of their files share one, which is started only if one of them runs. */
const withControlPlane = ['test/controlplane/**/*.test.ts', 'test/cluster/**/*.test.ts', 'test/operator/**/*.test.ts']

/** These need root and namespaces of their own, which `make test-packets` makes before it runs them. */
const withPackets = ['test/packets/**/*.test.ts']
const isInside = process.env.TIERWALL_PACKETS === 'inside'

/** In one process, so that they share a cluster; two would share its interfaces. */
const oneAfterAnother = {
  maxWorkers: 1,
  fileParallelism: false,
  isolate: false,
  globalSetup: 'test/packets/leftovers.ts',
  teardownTimeout: 60_000,
  testTimeout: 300_000,
  hookTimeout: 120_000,
}

export default defineConfig({
  test: {
    testTimeout: 60_000,
    // Tests of the operator mostly wait: for a Lease to run out, or for what must not happen.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: { name: 'offline', include: ['test/**/*.test.ts'], exclude: [...withControlPlane, ...withPackets] },
      },
      {
        extends: true,
        test: {
          name: 'controlplane',
          include: withControlPlane,
          globalSetup: 'test/controlplane/setup.ts',
          testTimeout: 120_000,
        },
      },
      ...(isInside
        ? [{ extends: true as const, test: { name: 'packets', include: withPackets, ...oneAfterAnother } }]
        : []),
    ],
  },
})
