/** Kubernetes' own end-to-end tests of NetworkPolicy, each judged over all pairs of its pods. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { evaluateFlow, indexPolicies, type PodEnd } from '../../src/evaluate/index.ts'
import { labelsSchema, pod, readCorpus, readPolicy, targetOf, writtenTarget } from './world.ts'

const step = z.strictObject({
  policies: z.array(z.unknown()),
  probe: writtenTarget,
  denied: z.array(z.string()),
  allowed: z.literal('every other ordered pair of distinct pods'),
  extra_labels: z
    .strictObject({
      namespaces: z.record(z.string(), labelsSchema).default({}),
      pods: z.record(z.string(), labelsSchema).default({}),
    })
    .default({ namespaces: {}, pods: {} }),
  note: z.string().optional(),
})
type Step = z.infer<typeof step>

const cases = readCorpus(
  'k8s-e2e/cases.yaml',
  z.array(
    z.strictObject({
      id: z.string(),
      upstream_name: z.string(),
      checks: z.string(),
      pods: z.array(z.string()),
      steps: z.array(step),
    }),
  ),
)

describe('kubernetes e2e', () => {
  const judged = { cases: 0, steps: 0, flows: 0 }

  for (const { upstream_name, pods, steps } of cases)
    it(upstream_name, () => {
      for (const step of steps) {
        const flows = judgeAllPairs(pods, step)
        const denied = flows.filter(({ allowed }) => !allowed).map(({ flow }) => flow)
        expect(denied.sort()).toEqual([...step.denied].sort())
        judged.steps += 1
        judged.flows += flows.length
      }
      judged.cases += 1
    })

  it('judges every case, step and pair', () => {
    expect(judged).toEqual({ cases: 38, steps: 51, flows: 370 })
  })
})

function judgeAllPairs(places: readonly string[], { policies, probe, extra_labels }: Step) {
  const index = indexPolicies(policies.map(readPolicy))
  const pods = places.map(place => podOf(place, extra_labels))
  return pods.flatMap(from =>
    pods
      .filter(to => to !== from)
      .map(to => ({
        flow: `${from.namespace}/${from.name} -> ${to.namespace}/${to.name}`,
        allowed: evaluateFlow(index, from, to, targetOf(probe)).allowed,
      })),
  )
}

/** The world that the corpus describes in its head: one label, one address and six named ports a pod. */
function podOf(place: string, extra: Step['extra_labels']): PodEnd {
  const [namespace = '', name = ''] = place.split('/')
  return pod(place, {
    labels: { pod: name, ...extra.pods[place] },
    namespaceLabels: { ...extra.namespaces[namespace] },
    ips: [`10.0.${'xyz'.indexOf(namespace) + 1}.${'abc'.indexOf(name) + 1}`],
    ports: [80, 81].flatMap(containerPort =>
      (['TCP', 'UDP', 'SCTP'] as const).map(protocol => ({
        name: `serve-${containerPort}-${protocol.toLowerCase()}`,
        containerPort,
        protocol,
      })),
    ),
  })
}
