import { describe, expect, onTestFinished } from 'vitest'
import { connect } from '../../src/controlplane/client.ts'
import { rights } from '../../src/live/resources.ts'
import { deedsOf, keepAllowed, operator, writeDeed } from '../install/access.ts'
import { testsOf } from '../install/installed.ts'
import { listOwnRights, sortDeeds } from '../install/own-rights.ts'

const test = testsOf('config/namespaced', ['shop', 'other'])
const within = rights.filter(({ resource }) => resource !== 'namespaces')

describe('with config/namespaced, the operator', () => {
  test('may do all that the list of rights says in the namespace that is named', async ({ installed: { plane } }) => {
    const deeds = deedsOf(within, 'everywhere', 'shop')
    expect(deeds).not.toEqual([])
    expect(await keepAllowed(plane, operator, deeds)).toEqual(deeds)
  })

  test('may do none of it in another namespace, nor in all of them', async ({ installed: { plane } }) => {
    const deeds = ['other', 'kube-system', ''].flatMap(namespace => deedsOf(rights, 'everywhere', namespace))
    expect(await keepAllowed(plane, operator, deeds)).toEqual([])
    expect(await listOwnRights(plane, 'other')).toEqual([])
  })

  test('may do nothing in the namespace that is named but that, and look at the Namespace itself', async ({
    installed: { plane },
  }) => {
    const said = deedsOf(within, 'everywhere', 'shop').map(writeDeed)
    const ofNamespace = ['get /namespaces', 'watch /namespaces']
    expect(await listOwnRights(plane, 'shop')).toEqual(sortDeeds([...said, ...ofNamespace]))
  })

  test.for([
    ['dns', 'kube-system', []],
    ['apiserver', 'default', ['list', 'create', 'patch'].map(verb => `${verb} events.k8s.io/events`)],
    ['operator', 'tierwall-system', []],
  ] as const)(
    'may do for %s in %s what it needs there, and no more',
    async ([where, place, more], { installed: { plane } }) => {
      const said = deedsOf(rights, where, place).map(writeDeed)
      expect(await listOwnRights(plane, place)).toEqual(sortDeeds([...said, ...more]))
    },
  )

  test('reads its own Namespace and watches it by name, which a list of Namespaces does not allow', async ({
    installed: { plane },
  }) => {
    const token = await plane.tokenFor({ namespace: 'tierwall-system', name: 'tierwall-operator' })
    const client = connect(plane.access, { token })
    onTestFinished(() => client.close())
    const ask = (path: string) => client.request('GET', `/api/v1/${path}`)
    const shop = { kind: 'Namespace', metadata: { name: 'shop' } }
    expect(await ask('namespaces/shop')).toMatchObject({ status: 200, body: shop })
    const watched = await ask('watch/namespaces/shop?timeoutSeconds=1')
    expect(watched).toMatchObject({ status: 200, body: { type: 'ADDED', object: shop } })
    const selected = 'namespaces?fieldSelector=metadata.name%3Dshop'
    for (const path of ['namespaces/other', selected, `${selected}&watch=true`])
      expect(await ask(path)).toMatchObject({ status: 403 })
  })
})
