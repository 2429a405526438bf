/** What one team delivers with Flux: its Git repository, and the Kustomization that applies it to the cluster. */
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { z } from 'zod'
import type { Client } from '../../src/controlplane/client.ts'
import { read } from '../controlplane/read.ts'
import { eventually } from '../operator/cluster.ts'
import type { Archives } from './archives.ts'
import { home } from './controller.ts'
import { makeRepository } from './repository.ts'

export interface Outcome {
  /** `True` or `False`. */
  readonly ready: string
  readonly reason: string
  readonly message: string
}

export interface Delivery {
  /** Commits, and waits for what Flux says of that commit. */
  readonly push: (files: Readonly<Record<string, string>>, message: string) => Promise<Outcome>
  /** As `flux reconcile kustomization`. */
  readonly reconcile: () => Promise<Outcome>
  /** Changes the Kustomization, and reconciles. */
  readonly configure: (spec: object) => Promise<Outcome>
  readonly remove: () => Promise<void>
}

const status = z.object({
  status: z.object({
    lastAttemptedRevision: z.string().default(''),
    lastHandledReconcileAt: z.string().default(''),
    conditions: z.array(z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() })),
  }),
})

/** Longer than any test waits: nothing is applied but what a test asks for. */
const interval = '1h'
/** The shortest for which Flux waits for health. */
const timeout = '30s'
const patience = 90_000

const roots = {
  GitRepository: `/apis/source.toolkit.fluxcd.io/v1/namespaces/${home}/gitrepositories`,
  Kustomization: `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${home}/kustomizations`,
}

export async function makeDelivery(
  client: Client,
  archives: Archives,
  name: string,
  spec: object = { wait: true },
): Promise<Delivery> {
  const repository = await makeRepository()
  const send = async (method: 'POST' | 'PATCH', path: string, body: unknown) => {
    const headers = method === 'PATCH' ? { headers: { 'content-type': 'application/merge-patch+json' } } : {}
    const answer = await client.request(method, path, { body, ...headers })
    if (answer.status > 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
  }
  await send('POST', roots.GitRepository, {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name },
    spec: { interval, url: `https://example.com/${name}.git` },
  })
  await send('POST', roots.Kustomization, {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name },
    spec: {
      interval,
      retryInterval: interval,
      timeout,
      path: './',
      prune: true,
      sourceRef: { kind: 'GitRepository', name },
      ...spec,
    },
  })
  const outcomeWhere = (isMeant: (status: z.infer<typeof shape>) => boolean) =>
    eventually(async () => {
      const { status: said } = await read(client, `${roots.Kustomization}/${name}`, status)
      expect(said).toSatisfy(isMeant)
      const ready = said.conditions.find(({ type }) => type === 'Ready')
      expect(ready?.status).toMatch(/True|False/)
      return { ready: ready?.status ?? '', reason: ready?.reason ?? '', message: ready?.message ?? '' }
    }, patience)
  const reconcile = async () => {
    const asked = randomUUID()
    const annotations = { 'reconcile.fluxcd.io/requestedAt': asked }
    await send('PATCH', `${roots.Kustomization}/${name}`, { metadata: { annotations } })
    return outcomeWhere(({ lastHandledReconcileAt }) => lastHandledReconcileAt === asked)
  }
  return {
    reconcile,
    async configure(change) {
      await send('PATCH', `${roots.Kustomization}/${name}`, { spec: change })
      return reconcile()
    },
    async push(files, message) {
      const commit = await repository.commit(files, message)
      const artifact = {
        path: commit.digest,
        url: archives.publish(commit),
        revision: commit.revision,
        digest: commit.digest,
        lastUpdateTime: new Date().toISOString(),
      }
      await send('PATCH', `${roots.GitRepository}/${name}/status`, { status: { artifact } })
      return outcomeWhere(({ lastAttemptedRevision }) => lastAttemptedRevision === commit.revision)
    },
    async remove() {
      await client.request('DELETE', `${roots.Kustomization}/${name}`)
      repository.remove()
    },
  }
}

const shape = status.shape.status
