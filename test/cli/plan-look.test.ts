/** A plan has the operator's own eyes: what it keeps, restores, leaves alone and takes over. */
import { describe, expect, test } from 'vitest'
import { defaultConfiguration } from '../../src/api/configuration.ts'
import type { ReadPolicy } from '../../src/live/seen-policy.ts'
import { changesIn, type PlanReport } from '../../src/report/plan/index.ts'
import { appTier, namespace, workload } from '../operator/objects.ts'
import { desiredFor, plan, reading, written } from './plan-reading.ts'

const shop = namespace('shop')
const web = workload('shop', 'web', { tier: 'web' })
const broken = workload('shop', 'web', { tier: 'web', ports: '99999' })
const db = appTier('shop', 'db', { selector: { matchLabels: { role: 'db' } } })

const oursFor = (...objects: readonly object[]): readonly ReadPolicy[] =>
  desiredFor(...objects).map(policy => written(policy, 'tierwall'))
const verbs = (report: PlanReport) => changesIn(report).map(({ verb, name }) => `${verb} ${name}`)
const notes = ({ namespaces }: PlanReport) => namespaces.flatMap(({ notes }) => notes)

describe('a plan', () => {
  test('is empty where what stands is what is desired', () => {
    const report = plan(reading([shop, web], { policies: oursFor(shop, web) }))
    expect(report).toMatchObject({ namespaces: [], rounds: { close: [], open: [], tidy: [] } })
    expect(report.flows).toEqual({ is: 'known', opened: [], cut: [] })
  })

  test('keeps what was last good of what is broken', () => {
    const report = plan(reading([shop, broken], { policies: oursFor(shop, web) }))
    expect(verbs(report)).toEqual([])
    expect(notes(report)).toEqual(['Deployment shop/web has errors: what it said before them stays in force'])
    expect(report.problems).toMatchObject([{ code: 'port-invalid' }])
  })

  test('keeps a policy as it is whose words are lost, and all that it lets pass', () => {
    const policies = oursFor(shop, web).map(policy => ({ ...policy, annotations: {} }))
    const report = plan(reading([shop, broken], { policies }))
    expect(notes(report)).toContain('tierwall-web stays as it is: what it was made from is broken or out of sight')
    expect(report.flows).toEqual({ is: 'known', opened: [], cut: [] })
  })

  test('holds what AppTiers asked for while nobody serves them', () => {
    const policies = oursFor(shop, web, db)
    expect(verbs(plan(reading([shop, web], { policies, servesAppTiers: false })))).toEqual([])
    expect(verbs(plan(reading([shop, web], { policies })))).toEqual(['delete tierwall-db.apptier'])
  })

  test('takes over what others wrote only where it is told to', () => {
    const [first, ...others] = desiredFor(shop, web)
    if (!first) throw new Error('a shop has policies')
    const policies = [written(first, 'kubectl'), ...others.map(policy => written(policy, 'tierwall'))]
    const careful = plan(reading([shop, web], { policies }))
    expect(verbs(careful)).toEqual([])
    expect(notes(careful)).toEqual([expect.stringMatching(/^tierwall-web is somebody else's policy under a name /)])
    const operator = { ...defaultConfiguration.operator, adopt: true }
    const live = reading([shop, web], { policies })
    const bold = plan(live, live, { ...defaultConfiguration, operator })
    expect(verbs(bold)).toEqual(['adopt tierwall-web'])
    expect(notes(bold)).toEqual([])
  })

  test('does not count what is being deleted already', () => {
    const policies = desiredFor(shop, web).map(policy =>
      written(policy, 'tierwall', { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['example.com/hold'] }),
    )
    const report = plan(reading([shop], { policies }))
    expect(verbs(report)).toEqual([])
    expect(notes(report)).toContain('tierwall-web is being deleted and waits for its finalizers (example.com/hold)')
  })

  test('leaves a namespace alone that is going away', () => {
    const going = { ...shop, metadata: { ...shop.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }
    expect(plan(reading([going, web]))).toMatchObject({ namespaces: [], flows: { opened: [], cut: [] } })
  })

  test('counts in what policies of others let pass', () => {
    const everyone = { podSelector: {}, ingress: [{}], egress: [{}], policyTypes: ['Ingress', 'Egress'] }
    const open = {
      apiVersion: 'networking.k8s.io/v1' as const,
      kind: 'NetworkPolicy' as const,
      metadata: { name: 'open-all', namespace: 'shop', labels: {}, annotations: {} },
    }
    const foreign = written({ ...open, spec: everyone }, 'kubectl')
    expect(plan(reading([shop, web], { policies: [foreign] })).flows).toEqual({ is: 'known', opened: [], cut: [] })
  })
})
