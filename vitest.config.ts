import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** These need a control plane. All of their files share one, which is started only if one of them runs. */
const withControlPlane = ['test/controlplane/**/*.test.ts', 'test/cluster/**/*.test.ts', 'test/operator/**/*.test.ts']

/**
 * These take minutes, most of which they wait: for histories to judge, Leases to run out, a definition to change, and a
 * cluster to stay as it is.
 */
const long = [
  'test/operator/revisions/{moving,random,sequences,upgrade}.test.ts',
  'test/operator/{api-versions,lifecycle,steady}.test.ts',
]

/** These install all of it, more than once, do what a person would with it, and take it away. */
const asInstalled = [
  'test/controlplane/{admission-files,chart-install,demo,docs,install,install-file,install-namespaced}.test.ts',
  'test/operator/{live-rights,live-uninstall,probe,rights,scoped}.test.ts',
]

/** These need Flux's controller and Argo CD's Lua, which are built first. */
const withGitOps = ['test/gitops/**/*.test.ts']

/** These build all that a release has, and run its parts as GitHub, pre-commit, kustomize and Helm do. */
const withRelease = ['test/release/{build,pipeline,pre-commit,workflows}.test.ts', 'test/action/action.test.ts']

/** These need root and namespaces of their own, which `make test-packets` makes before it runs them. */
const withPackets = ['test/packets/**/*.test.ts']
const isInside = process.env.TIERWALL_PACKETS === 'inside'

/** These need a Docker daemon, which `make test-image` starts where none runs. */
const withImage = ['test/image/**/*.test.ts']
const isBesideDocker = process.env.TIERWALL_IMAGE === 'beside'
/** An image that must be pulled; where it cannot be, `make test-image` says so. */
const withK3s = process.env.TIERWALL_IMAGE_K3S === 'yes' ? [] : ['test/image/k3s.test.ts']
/** Two builds, a control plane and containers; one file after another, for the sake of the machine. */
const onImage = {
  globalSetup: 'test/image/setup.ts',
  maxWorkers: 1,
  fileParallelism: false,
  testTimeout: 120_000,
  hookTimeout: 300_000,
}

const onControlPlane = { globalSetup: 'test/controlplane/setup.ts', testTimeout: 120_000, hookTimeout: 120_000 }

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

/** Types are stripped and code is compiled once for all the processes that tests start. */
const compiled = { NODE_COMPILE_CACHE: join(import.meta.dirname, '.cache/compiled') }

export default defineConfig({
  test: {
    env: compiled,
    testTimeout: 60_000,
    // Tests of the operator mostly wait: for a Lease to run out, or for what must not happen.
    maxWorkers: 3,
    // What modules keep disturbs no other file's tests, and to load them all for each file takes a minute.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'offline',
          include: ['test/**/*.test.ts'],
          exclude: [...withControlPlane, ...withGitOps, ...withRelease, ...withPackets, ...withImage],
        },
      },
      {
        extends: true,
        test: {
          name: 'controlplane',
          include: withControlPlane,
          exclude: [...long, ...asInstalled],
          ...onControlPlane,
        },
      },
      { extends: true, test: { name: 'proof', include: long, ...onControlPlane } },
      { extends: true, test: { name: 'install', include: asInstalled, ...onControlPlane } },
      { extends: true, test: { name: 'gitops', include: withGitOps, ...onControlPlane } },
      { extends: true, test: { name: 'release', include: withRelease, testTimeout: 300_000, hookTimeout: 300_000 } },
      ...(isInside
        ? [{ extends: true as const, test: { name: 'packets', include: withPackets, ...oneAfterAnother } }]
        : []),
      ...(isBesideDocker
        ? [{ extends: true as const, test: { name: 'image', include: withImage, exclude: withK3s, ...onImage } }]
        : []),
    ],
  },
})
