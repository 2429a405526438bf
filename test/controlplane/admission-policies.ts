/** The test function of tests under admission policies: they hold in namespaces of the test file alone. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { BoundPolicy } from '../../src/api/admission/index.ts'
import { until } from '../../src/controlplane/until.ts'
import { test as base, type SharedPlane } from './plane.ts'

export type Verdict = { readonly accepted: unknown } | { readonly refused: string; readonly status: number }

export interface Guarded {
  readonly plane: SharedPlane
  /** A namespace under the policies; further ones need the labels. */
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  /** The policies' names as they are here. */
  readonly names: readonly string[]
}

const admission = '/apis/admissionregistration.k8s.io/v1'

/** `isInForce` asks for something that the policies refuse: they hold only a moment after they are stored. */
export function testUnder(policies: readonly BoundPolicy[], isInForce: (guarded: Guarded) => Promise<boolean>) {
  let installed: Promise<Guarded> | undefined
  return base.extend<{ readonly guarded: Guarded }>({
    guarded: async ({ plane }, use) => {
      installed ??= install(plane, policies, isInForce)
      await use(await installed)
    },
  })
}

async function install(
  plane: SharedPlane,
  policies: readonly BoundPolicy[],
  isInForce: (guarded: Guarded) => Promise<boolean>,
): Promise<Guarded> {
  const mark = randomBytes(5).toString('hex')
  const labels = { 'admission-test': mark }
  const names = policies.map(({ policy }) => `${policy.metadata.name}-${mark}`)
  for (const { policy, binding } of policies) {
    const name = `${policy.metadata.name}-${mark}`
    // Fail: what cannot be evaluated is to be seen here.
    const spec = { ...policy.spec, failurePolicy: 'Fail' }
    const matchResources = { namespaceSelector: { matchLabels: labels } }
    await create(plane, 'validatingadmissionpolicies', { ...policy, metadata: { name }, spec })
    await create(plane, 'validatingadmissionpolicybindings', {
      ...binding,
      metadata: { name },
      spec: { ...binding.spec, policyName: name, matchResources },
    })
  }
  const guarded = { plane, namespace: await plane.makeNamespace(labels), labels, names }
  await until('policy in force', () => isInForce(guarded))
  return guarded
}

async function create(plane: SharedPlane, resource: string, body: unknown): Promise<void> {
  const answer = await plane.request('POST', `${admission}/${resource}`, { body })
  if (answer.status !== 201) throw new Error(`${resource} is refused: ${JSON.stringify(answer.body)}`)
}

const status = z.object({ message: z.string() })

export function verdictOf(answer: { readonly status: number; readonly body: unknown }): Verdict {
  if (answer.status === 200 || answer.status === 201) return { accepted: answer.body }
  return { refused: status.parse(answer.body).message, status: answer.status }
}

/** The policy's own sentence, behind what the API server says of whose it is. */
export function sentenceOf(verdict: Verdict): string | undefined {
  return 'refused' in verdict ? / denied request: (.*)$/s.exec(verdict.refused)?.[1] : undefined
}
