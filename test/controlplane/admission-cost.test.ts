import { describe, expect } from 'vitest'
import { z } from 'zod'
import { annotation } from '../../src/api/annotations.ts'
import { limits } from '../../src/api/limits.ts'
import { until } from '../../src/controlplane/until.ts'
import { lint, makeDeployment, testUnderAnnotationPolicies, tryDeployment } from './admission-objects.ts'
import { sentenceOf } from './admission-policies.ts'
import { read } from './read.ts'

const test = testUnderAnnotationPolicies()
const { tier, ports, from, to } = annotation

/** As many as a list may have, or as fit into it. */
function fill(write: (index: number) => string, most: number, separator = ','): string {
  const parts: string[] = []
  let length = -separator.length
  for (let index = 0; index < most; index++) {
    length += separator.length + write(index).length
    if (length > limits.characters) break
    parts.push(write(index))
  }
  return parts.join(separator)
}

const peers = (write: (index: number) => string) => fill(write, limits.peers)
const v6 = (index: number) => `2001:0db8:0000:0000:0000:0000:${index.toString(16).padStart(4, '0')}:0000/112`
const fullPorts = fill(index => `abcdefgh-${index}/SCTP`, limits.ports)

describe('the API server can afford the largest lists that are allowed', () => {
  const largest: Readonly<Record<string, string>> = {
    'of tiers': peers(index => `t${index}:abcdef/UDP`),
    'of tiers of other namespaces': peers(index => `a.b/t${index}.n:80`),
    'of ranges': peers(index => `10.${index}.0.0/16:80-90/UDP`),
    'of ranges of IPv6': peers(v6),
    'of ranges with an exception': peers(index => `1.0.0.0/8!1.${index}.0.0/16`),
    'of exceptions': `2001:db8::/32!${fill(v6, limits.exceptions, '!')}`,
    'of white space': `${' '.repeat(limits.characters - 3)}web`,
  }
  test.for(Object.entries(largest))('%s', async ([, list], { guarded }) => {
    const deployment = makeDeployment({ [tier]: 'web', [ports]: fullPorts, [from]: list, [to]: list })
    expect(lint(deployment)).toEqual([])
    expect(await tryDeployment(guarded, deployment)).toHaveProperty('accepted')
  })
})

describe('and so it can the largest that are wrong', () => {
  const largest: Readonly<Record<string, string>> = {
    'of words': peers(index => `T${index}.a.b_c`),
    'of ports': peers(index => `t${index}:A_${index}`),
    'of ranges': peers(index => `[10.${index}.0.1/8!1.1.1.1/8]:a`),
    'of exceptions': `2001:db8::/32!${fill(index => v6(index).replace('db8', 'db9'), limits.exceptions, '!')}`,
    'of empty entries': ','.repeat(limits.characters),
    'of entries': 'a,'.repeat(limits.characters / 2 - 1),
    'of signs': '!'.repeat(limits.characters),
    'of brackets': '['.repeat(limits.characters),
    'of colons': '1:'.repeat(limits.characters / 2),
    'of dots': 'a.'.repeat(limits.characters / 2),
    'of letters': 'a'.repeat(limits.characters),
    'of letters that take two units': '😀'.repeat(limits.characters / 2),
    'beyond the limit': 'web,'.repeat(20_000),
  }
  test.for(Object.entries(largest))('%s', async ([, list], { guarded }) => {
    const deployment = makeDeployment({ [tier]: 'web', [ports]: fullPorts, [from]: list, [to]: list })
    const codes = lint(deployment).map(({ code }) => code)
    expect(codes).toContain(sentenceOf(await tryDeployment(guarded, deployment))?.split(':')[0])
  })

  test('of annotations that are not ours', async ({ guarded }) => {
    const others = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`example.com/${index}`, '']))
    const deployment = (tierName: string) => makeDeployment({ ...others, [tier]: tierName })
    expect(await tryDeployment(guarded, deployment('web'))).toHaveProperty('accepted')
    expect(sentenceOf(await tryDeployment(guarded, deployment('Web')))).toMatch(/^tier-invalid: /)
  })
})

const status = z.object({
  status: z.object({ observedGeneration: z.number().optional(), typeChecking: z.unknown().optional() }),
})

test('the API server finds no wrong type in any expression', async ({ guarded }) => {
  for (const name of guarded.names) {
    const path = `/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/${name}`
    const readStatus = async () => (await read(guarded.plane, path, status)).status
    await until('check of types', async () => (await readStatus()).observedGeneration !== undefined)
    expect((await readStatus()).typeChecking ?? {}).toEqual({})
  }
})
