/** What the documentation of the Kubernetes API says about empty, missing and null fields, defaults, names and ranges. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  answered,
  labelsSchema,
  namespacesSchema,
  podsIn,
  policyWith,
  probeSchema,
  protocols,
  readCorpus,
} from './world.ts'

const port = z
  .tuple([z.string(), z.number(), z.enum(protocols)])
  .transform(([name, containerPort, protocol]) => ({ name, containerPort, protocol }))

const { namespaces, pods, semantics } = readCorpus(
  'k8s-api/cases.yaml',
  z.strictObject({
    about: z.string(),
    namespaces: namespacesSchema,
    pods: z.record(
      z.string(),
      z.strictObject({ labels: labelsSchema, ports: z.array(port), hostNetwork: z.boolean() }),
    ),
    semantics: z.array(
      z.strictObject({
        id: z.string(),
        spec: z.unknown(),
        probes: z.array(probeSchema),
        why: z.string(),
        source: z.string(),
      }),
    ),
  }),
)

describe('kubernetes API', () => {
  const judged = { cases: 0, probes: 0 }

  for (const { id, spec, probes, why } of semantics)
    it(`${id}: ${why}`, () => {
      expect(answered(probes, [policyWith(spec, 'a')], podsIn(namespaces, pods))).toEqual(probes)
      judged.cases += 1
      judged.probes += probes.length
    })

  it('judges every case and probe', () => {
    expect(judged).toEqual({ cases: 16, probes: 32 })
  })
})
