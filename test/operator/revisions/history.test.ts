import { describe, expect, it } from 'vitest'
import { appTier, decideYaml, policiesOf, workload } from '../../decide.ts'
import { nothingByHand } from './authors.ts'
import { readHistory } from './history.ts'
import { namespaceText, Story } from './story.ts'

const web = workload('web', { tier: 'web' })
const shop = namespaceText('shop')

function policy(name = 'tierwall-web', more: object = {}) {
  const found = policiesOf(decideYaml(web)).get(`shop/${name}`)
  if (!found) throw new Error(`there is no ${name}`)
  return { ...found, ...more }
}

const open = { podSelector: {}, ingress: [{}], policyTypes: ['Ingress'] }
const writers = (story: Story) => story.history.steps.map(({ verb, by }) => `${by} ${verb}`)

describe('a history', () => {
  it('knows what Tierwall wrote and took away', () => {
    const story = new Story()
      .begins(shop, web)
      .tierwall(policy())
      .tierwall(policy('tierwall-web', { spec: open }))
    expect(writers(story.tierwallDeletes('shop', 'tierwall-web'))).toEqual([
      'Tierwall create',
      'Tierwall update',
      'Tierwall delete',
    ])
  })

  it('takes what users did to a policy of Tierwall for theirs, and the policy still for Tierwall’s', () => {
    const story = new Story()
      .begins(shop, web)
      .tierwall(policy())
      .byHand(policy('tierwall-web', { spec: open }))
    expect(writers(story)).toEqual(['Tierwall create', 'others update'])
    expect([...(story.history.steps.at(-1)?.after.ours.keys() ?? [])]).toEqual(['shop/tierwall-web'])
    story.usersDelete({ kind: 'NetworkPolicy', namespace: 'shop', name: 'tierwall-web' })
    expect(writers(story).at(-1)).toBe('others delete')
  })

  it('sees a hand edit by its field manager where nobody told of it', () => {
    const story = new Story().begins(shop, web).tierwall(policy()).waits(5_000)
    story.byHand(policy('tierwall-web', { spec: open }))
    expect(readHistory(story.recording, nothingByHand).steps.map(({ by }) => by)).toEqual(['Tierwall', 'others'])
  })

  it('takes a policy of another field manager for somebody else’s, whatever its name and labels', () => {
    const story = new Story().begins(shop).byHand(policy())
    const [step] = readHistory(story.recording).steps
    expect(step?.by).toBe('others')
    expect(step?.after.ours.size).toBe(0)
    expect([...(step?.after.inputs.foreign.keys() ?? [])]).toEqual(['shop/tierwall-web'])
  })

  it('counts as a new state only what users ask for', () => {
    const deployment = JSON.parse(web.replace('---\n', ''))
    const story = new Story().begins(shop, web, appTier('db', { ports: [{ port: 1 }] }))
    const { metadata } = deployment
    const revision = { ...metadata.annotations, 'deployment.kubernetes.io/revision': '2' }
    story.users(JSON.stringify({ ...deployment, status: { replicas: 1 } }))
    story.users(JSON.stringify({ ...deployment, metadata: { ...metadata, annotations: revision } }))
    story.users(workload('web', { tier: 'api' }))
    const inputs = story.history.steps.map(({ before, after }) => before.inputs === after.inputs)
    expect(inputs).toEqual([true, true, false])
  })

  it('knows which namespaces are going away', () => {
    const story = new Story().begins(shop).users(namespaceText('shop', {}, {}, '2026-01-01T00:00:00Z'))
    expect([...(story.history.steps[0]?.after.inputs.terminating ?? [])]).toEqual(['shop'])
    story.usersDelete({ kind: 'Namespace', name: 'shop' })
    expect(story.history.steps[1]?.after.inputs.terminating.size).toBe(0)
  })
})
