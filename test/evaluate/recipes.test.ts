/** The network policy recipes: what each of them says may connect, and what may not. */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  answered,
  corpora,
  labelsSchema,
  namespacesSchema,
  podsIn,
  portSchema,
  probeSchema,
  readCorpus,
  readPolicy,
  readYaml,
} from './world.ts'

const cases = readCorpus(
  'recipes/cases.yaml',
  z.array(
    z.strictObject({
      id: z.string(),
      what: z.string(),
      policies: z.array(z.string()),
      namespaces: namespacesSchema,
      pods: z.record(z.string(), z.strictObject({ labels: labelsSchema, ports: z.array(portSchema) })),
      probes: z.array(probeSchema),
      note: z.string().optional(),
    }),
  ),
)

describe('recipes', () => {
  const judged = { cases: 0, probes: 0 }

  for (const { what, policies, namespaces, pods, probes } of cases)
    it(what, () => {
      const read = policies.map(path => readPolicy(readYaml(`recipes/${path}`)))
      expect(answered(probes, read, podsIn(namespaces, pods))).toEqual(probes)
      judged.cases += 1
      judged.probes += probes.length
    })

  it('judges every case and probe', () => {
    expect(judged).toEqual({ cases: 12, probes: 43 })
  })

  it('judges every policy', () => {
    const files = readdirSync(new URL('recipes/policies', corpora)).map(file => `policies/${file}`)
    expect([...new Set(cases.flatMap(({ policies }) => policies))].sort()).toEqual(files.sort())
  })
})
