import { describe, expect } from 'vitest'
import { z } from 'zod'
import { annotation, isolationAnnotation } from '../../src/api/annotations.ts'
import { until } from '../../src/controlplane/until.ts'
import {
  deployments,
  makeDeployment,
  type Texts,
  testUnderAnnotationPolicies,
  tryDeployment,
} from './admission-objects.ts'
import { type Guarded, sentenceOf, type Verdict, verdictOf } from './admission-policies.ts'
import type { SharedPlane } from './plane.ts'

const test = testUnderAnnotationPolicies()
const { tier, ports, from } = annotation

type Patch = (patch: unknown, subresource?: string) => Promise<Verdict>

const mergePatch = { 'content-type': 'application/merge-patch+json' }

const makePatch =
  (plane: SharedPlane, path: string): Patch =>
  async (body, subresource = '') =>
    verdictOf(await plane.request('PATCH', path + subresource, { body, headers: mergePatch }))

/** Annotations that stood there before the policies did. */
async function makeOld(guarded: Guarded, annotations: Texts, templateAnnotations: Texts = {}): Promise<Patch> {
  const { plane, labels } = guarded
  const namespace = await plane.makeNamespace()
  const body = makeDeployment(annotations, templateAnnotations)
  expect(await plane.request('POST', deployments(namespace), { body })).toMatchObject({ status: 201 })
  await makePatch(plane, `/api/v1/namespaces/${namespace}`)({ metadata: { labels } })
  const wrong = makeDeployment({ [tier]: 'Web' })
  await until('policy in force', async () => 'refused' in (await tryDeployment({ ...guarded, namespace }, wrong)))
  return makePatch(plane, `${deployments(namespace)}/shop`)
}

const annotate = (annotations: Readonly<Record<string, string | null>>) => ({ metadata: { annotations } })
const mistakes = { [tier]: 'Web', [ports]: '0', [from]: '10.0.0.1/8', 'tierwall.dev/form': 'web' }

describe('an old mistake does not stop', () => {
  const changes: Readonly<Record<string, unknown>> = {
    'a label from being set': { metadata: { labels: { team: 'shop' } } },
    'another annotation from being set': annotate({ 'example.com/note': 'a' }),
    'a sound one of ours from being added': annotate({ [annotation.app]: 'shop' }),
    'more replicas': { spec: { replicas: 1 } },
    'a restart': { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } } },
    'a mistake from being taken away': annotate({ [ports]: null }),
    'the key that nobody knows from being taken away': annotate({ 'tierwall.dev/form': null }),
    'a mistake from being mended': annotate({ [from]: '10.0.0.1/32' }),
    'the tier from being mended': annotate({ [tier]: 'web' }),
    'the tier from being taken away': annotate({ [tier]: null }),
    'all from being taken away': annotate({ [tier]: null, [ports]: null, [from]: null, 'tierwall.dev/form': null }),
  }
  test('any of these', async ({ guarded }) => {
    const patch = await makeOld(guarded, mistakes, { [tier]: 'web' })
    for (const [what, change] of Object.entries(changes)) {
      expect(await patch(change, '?dryRun=All'), what).toHaveProperty('accepted')
    }
  })

  test('`kubectl scale`, which writes to a resource of its own', async ({ guarded }) => {
    const patch = await makeOld(guarded, mistakes)
    expect(await patch({ spec: { replicas: 1 } }, '/scale')).toHaveProperty('accepted')
  })

  test('the Deployment controller from writing its revision', async ({ guarded }) => {
    const patch = await makeOld(guarded, mistakes)
    const key = 'deployment.kubernetes.io/revision'
    const shape = z.object({ metadata: z.object({ annotations: z.looseObject({ [key]: z.string().optional() }) }) })
    const isAt = (revision: string) => async () => {
      const verdict = await patch({})
      return 'accepted' in verdict && shape.parse(verdict.accepted).metadata.annotations[key] === revision
    }
    await until('first revision', isAt('1'))
    const template = { metadata: { labels: { version: '2' } } }
    expect(await patch({ spec: { template } })).toHaveProperty('accepted')
    await until('second revision', isAt('2'))
  })
})

describe('a change that makes a mistake is refused', () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['one mistake becomes another', annotate({ [ports]: '00' }), `port-invalid: ${ports}: '00'`],
    [
      'a mistake is added',
      annotate({ [annotation.to]: 'Db' }),
      `peer-invalid: ${annotation.to}: 'Db' is no peer; write db`,
    ],
    ['a key that nobody knows says something else', annotate({ 'tierwall.dev/form': 'api' }), 'annotation-unknown: '],
    [
      'a key that nobody knows is added',
      annotate({ 'tierwall.dev/to': 'api' }),
      'annotation-unknown: tierwall.dev/to ',
    ],
    ['a mistake is made where another is mended', annotate({ [tier]: 'web', [ports]: '1.5' }), 'port-invalid: '],
    [
      'the pod template says more',
      { spec: { template: annotate({ [from]: 'web' }) } },
      `annotation-misplaced: ${from} `,
    ],
    [
      'the only tier goes and ports come',
      annotate({ [tier]: null, [ports]: '80' }),
      `annotation-without-tier: ${ports} `,
    ],
  ]
  test('in each of these ways', async ({ guarded }) => {
    const patch = await makeOld(guarded, mistakes, { [tier]: 'web' })
    for (const [what, change, sentence] of cases)
      expect(sentenceOf(await patch(change, '?dryRun=All')), what).toContain(sentence)
  })

  test('and so is a sound workload’s first mistake, by whatever way it is written', async ({ guarded }) => {
    const patch = await makeOld(guarded, { [tier]: 'web' })
    expect(sentenceOf(await patch(annotate({ [ports]: '80/tcp' })))).toContain('write 80/TCP')
    expect(await patch(annotate({ [ports]: '80' }))).toHaveProperty('accepted')
  })
})

test('a namespace with an old mistake can be labelled and mended, and gets no new one', async ({ guarded }) => {
  const { plane, labels } = guarded
  const patch = makePatch(plane, `/api/v1/namespaces/${await plane.makeNamespace()}`)
  expect(await patch(annotate({ [isolationAnnotation]: 'on' }))).toHaveProperty('accepted')
  expect(await patch({ metadata: { labels } })).toHaveProperty('accepted')
  expect(await patch({ metadata: { labels: { team: 'shop' } } })).toHaveProperty('accepted')
  expect(sentenceOf(await patch(annotate({ [isolationAnnotation]: 'yes' })))).toMatch(/^isolation-invalid: /)
  expect(sentenceOf(await patch({ metadata: { labels: { [isolationAnnotation]: 'yes' } } }))).toBeUndefined()
  expect(await patch(annotate({ [isolationAnnotation]: 'audit' }))).toHaveProperty('accepted')
  expect(await patch(annotate({ [isolationAnnotation]: null }))).toHaveProperty('accepted')
  expect(sentenceOf(await patch({ metadata: { labels: { [isolationAnnotation]: 'no' } } }))).toMatch(
    /^isolation-invalid: /,
  )
})
