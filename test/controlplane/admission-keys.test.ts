import { describe, expect } from 'vitest'
import { annotation } from '../../src/api/annotations.ts'
import {
  lint,
  makeDeployment,
  makeNamespace,
  type Texts,
  testUnderAnnotationPolicies,
  tryDeployment,
  tryNamespace,
} from './admission-objects.ts'
import { sentenceOf, verdictOf } from './admission-policies.ts'

const test = testUnderAnnotationPolicies()
const tier = { [annotation.tier]: 'web' }

describe('a key that Tierwall does not read is refused as lint refuses it', () => {
  const wrong = [
    ...['tierwall.dev/allowfrom', 'tierwall.dev/Tier', 'tierwall.dev/isolation', 'tierwall.dev/because'],
    ...[
      'tierwall.dev/allow_from',
      'tierwal.dev/tier',
      'Tierwall.dev/ports',
      'TIERWALL.DEV/tier',
      'tierwall.io/allow-to',
    ],
    ...['tierwall.com/app', 'x.tierwall.dev/tier'],
  ]
  test.for(wrong)('%s', async (key, { guarded }) => {
    const deployment = makeDeployment({ [key]: 'web' })
    const sentence = sentenceOf(await tryDeployment(guarded, deployment)) ?? ''
    expect(sentence).toContain(
      `annotation-unknown: ${key} is no annotation that Tierwall reads on a Deployment; write `,
    )
    expect(lint(deployment).map(({ code }) => code)).toEqual(['annotation-unknown'])
  })

  test('and where the word is right, it says which key is meant', async ({ guarded }) => {
    const deployment = makeDeployment({ 'tierwal.dev/Allow_From': 'web' })
    const sentence = sentenceOf(await tryDeployment(guarded, deployment))
    expect(sentence).toMatch(/; write tierwall\.dev\/allow-from$/)
    expect(lint(deployment).map(({ line }) => line)).toEqual([sentence])
  })

  test('of several the first by name is told, each time', async ({ guarded }) => {
    const deployment = makeDeployment({ 'tierwall.dev/c': '', 'tierwall.dev/a': '', 'tierwall.dev/b': '' })
    for (const _ of [1, 2, 3, 4, 5])
      expect(sentenceOf(await tryDeployment(guarded, deployment))).toContain('tierwall.dev/a is no annotation')
  })

  const foreign = [
    'tierwall.org/tier',
    'firewall.example.com/mode',
    'example.com/tier',
    'tier',
    'tierwall',
    'tierwall.de/x',
  ]
  test.for(foreign)('but %s is somebody else’s', async (key, { guarded }) => {
    expect(await tryDeployment(guarded, makeDeployment({ [key]: 'web' }))).toHaveProperty('accepted')
  })
})

describe('an annotation in the wrong place', () => {
  test.for(Object.values(annotation))('%s is refused on a pod template', async (key, { guarded }) => {
    const deployment = makeDeployment(tier, { [key]: 'web' })
    const sentence = sentenceOf(await tryDeployment(guarded, deployment))
    expect(lint(deployment).map(({ line }) => line)).toEqual([sentence])
  })

  test('is left alone on the template of what a controller made, since its maker is told', async ({ guarded }) => {
    const deployment = makeDeployment(tier, tier)
    const ownerReferences = [{ apiVersion: 'example.com/v1', kind: 'Shop', name: 'shop', uid: 'f00' }]
    const made = { ...deployment, metadata: { ...deployment.metadata, ownerReferences } }
    expect(lint(deployment)).toHaveLength(1)
    expect(lint(made)).toEqual([])
    expect(await tryDeployment(guarded, made)).toHaveProperty('accepted')
  })

  test.for([annotation.ports, annotation.from, annotation.to])(
    '%s is refused beside no tier',
    async (key, { guarded }) => {
      const deployment = makeDeployment({ [key]: '80' })
      const sentence = sentenceOf(await tryDeployment(guarded, deployment))
      expect(lint(deployment).map(({ line }) => line)).toEqual([sentence])
      expect(sentence).toMatch(/^annotation-without-tier: /)
    },
  )

  test('an app beside no tier is read by nobody, and so is whatever it says', async ({ guarded }) => {
    const deployment = makeDeployment({ [annotation.app]: '!' })
    expect(lint(deployment)).toEqual([])
    expect(await tryDeployment(guarded, deployment)).toHaveProperty('accepted')
  })
})

test.for(['StatefulSet', 'DaemonSet'])('a %s is looked at like a Deployment', async (kind, { guarded }) => {
  const { replicas, ...spec } = makeDeployment({}).spec
  const path = `/apis/apps/v1/namespaces/${guarded.namespace}/${kind.toLowerCase()}s?dryRun=All`
  const tryOne = async (annotations: Texts) => {
    const body = { apiVersion: 'apps/v1', kind, metadata: { name: 'shop', annotations }, spec }
    return verdictOf(await guarded.plane.request('POST', path, { body }))
  }
  expect(sentenceOf(await tryOne({ [annotation.tier]: 'Web' }))).toMatch(/^tier-invalid: .*such as web$/)
  expect(sentenceOf(await tryOne({ 'tierwall.dev/form': '' }))).toContain(`reads on a ${kind};`)
  expect(await tryOne(tier)).toHaveProperty('accepted')
})

describe('on a namespace', () => {
  const isolation = 'tierwall.dev/isolation'

  test.for(['enforce', 'audit', 'off'])('the mode %s is accepted', async (mode, { guarded }) => {
    for (const namespace of [makeNamespace({ [isolation]: mode }), makeNamespace({}, { [isolation]: mode })])
      expect(await tryNamespace(guarded, namespace)).toHaveProperty('accepted')
  })

  test.for(['', 'on', 'Enforce', ' audit', 'enforced', 'o\nff'])(
    'the mode %j is refused as lint does it',
    async (mode, { guarded }) => {
      const namespace = makeNamespace({ [isolation]: mode })
      const sentence = sentenceOf(await tryNamespace(guarded, namespace)) ?? ''
      const [found] = lint(namespace)
      expect(found?.code).toBe('isolation-invalid')
      expect(sentence.split(';')[0]).toBe(found?.line.split(';')[0])
    },
  )

  test('where upper case or a space is the mistake, it says what to write', async ({ guarded }) => {
    const sentence = sentenceOf(await tryNamespace(guarded, makeNamespace({ [isolation]: 'Enforce ' })))
    expect(sentence).toBe("isolation-invalid: tierwall.dev/isolation: 'Enforce ' is no isolation mode; write enforce")
  })

  test('a label of that name is looked at as well, unless the annotation speaks', async ({ guarded }) => {
    const wrong = makeNamespace({}, { [isolation]: 'on' })
    expect(sentenceOf(await tryNamespace(guarded, wrong))).toMatch(/^isolation-invalid: /)
    expect(lint(wrong)).toHaveLength(1)
    const overruled = makeNamespace({ [isolation]: 'off' }, { [isolation]: 'on' })
    expect(await tryNamespace(guarded, overruled)).toHaveProperty('accepted')
    expect(lint(overruled)).toEqual([])
  })

  test.for(['tierwall.dev/tier', 'tierwall.dev/isolated', 'tierwal.dev/isolation'])(
    '%s is no annotation',
    async (key, { guarded }) => {
      const namespace = makeNamespace({ [key]: 'off' })
      expect(sentenceOf(await tryNamespace(guarded, namespace))).toContain(
        `annotation-unknown: ${key} is no annotation that Tierwall reads on a Namespace; write `,
      )
      expect(lint(namespace).map(({ code }) => code)).toEqual(['annotation-unknown'])
    },
  )
})
