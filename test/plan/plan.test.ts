import { describe, expect, it } from 'vitest'
import { desiredPolicies } from '../../src/engine.ts'
import type { PodEnd } from '../../src/evaluate/index.ts'
import type { Plan, Step } from '../../src/plan/index.ts'
import { appTier, decideYaml, workload } from '../decide.ts'
import { clusterOf, faultsOnTheWay, planBetween } from './replay.ts'

const clusterFor = (text: string) => clusterOf(desiredPolicies(decideYaml(text)).map(({ policy }) => policy))
const write = (steps: readonly Step[]) => steps.map(({ verb, name }) => `${verb} ${name}`)
const writePlan = ({ close, open, tidy }: Plan) => ({ close: write(close), open: write(open), tidy: write(tidy) })
const pod = (name: string): PodEnd => ({
  is: 'pod',
  namespace: 'shop',
  name,
  labels: { app: name },
  namespaceLabels: { 'kubernetes.io/metadata.name': 'shop' },
  ips: [],
  hostNetwork: false,
  ports: [],
})

const nothing = clusterFor('')
const web = workload('web', { tier: 'web' })
const api = workload('api', { tier: 'api' })
const off = `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', annotations: { 'tierwall.dev/isolation': 'off' } } })}\n`

describe('a plan', () => {
  it('writes the tiers, then allow-dns, then default-deny', () => {
    expect(writePlan(planBetween(nothing, clusterFor(web + api)))).toEqual({
      close: [
        'create tierwall-api',
        'create tierwall-web',
        'create tierwall-allow-dns',
        'create tierwall-default-deny',
      ],
      open: [],
      tidy: [],
    })
  })

  it('removes default-deny, then allow-dns, then the tiers', () => {
    expect(writePlan(planBetween(clusterFor(web + api), clusterFor(web + api + off)))).toEqual({
      close: [],
      open: ['delete tierwall-default-deny', 'delete tierwall-allow-dns', 'delete tierwall-api', 'delete tierwall-web'],
      tidy: [],
    })
  })

  it('leaves no pod without DNS where somebody took that way from its tier', () => {
    const before = new Map(
      [...clusterFor(web)].map(([key, policy]) => {
        const { egress: _, ...spec } = policy.spec
        return [key, policy.metadata.name === 'tierwall-web' ? { ...policy, spec } : policy]
      }),
    )
    const after = clusterFor(web + off)
    const labels = { 'k8s-app': 'kube-dns' }
    const namespaceLabels = { 'kubernetes.io/metadata.name': 'kube-system' }
    const dns: PodEnd = { ...pod('kube-dns'), namespace: 'kube-system', labels, namespaceLabels }
    expect(faultsOnTheWay(before, after, [], [{ from: pod('web'), to: dns, port: 53 }])).toEqual([])
    expect(writePlan(planBetween(before, after))).toEqual({
      close: [expect.stringMatching(/^create tierwall-bridge--/)],
      open: [
        'delete tierwall-default-deny',
        'delete tierwall-allow-dns',
        'delete tierwall-web',
        expect.stringMatching(/^delete tierwall-bridge--/),
      ],
      tidy: [],
    })
  })

  it('needs one write a policy where nothing that is lost can meet what is gained', () => {
    const other = workload('api', { tier: 'api', ports: '5001' })
    expect(writePlan(planBetween(clusterFor(web + api), clusterFor(web + other)))).toEqual({
      close: [],
      open: ['replace tierwall-api', 'replace tierwall-web'],
      tidy: [],
    })
  })

  it('takes a tier away where the others lose what they had with it', () => {
    expect(writePlan(planBetween(clusterFor(web + api), clusterFor(web)))).toEqual({
      close: ['replace tierwall-web', 'delete tierwall-api'],
      open: [],
      tidy: [],
    })
  })

  it('closes first where one side of a flow is lost and the other gained', () => {
    const sides = (from: string, to: string) =>
      clusterFor(
        workload('web', { tier: 'web', 'allow-from': from }) + workload('job', { tier: 'job', 'allow-to': to }),
      )
    const [before, after] = [sides('cluster', '10.0.0.0/8:80'), sides('10.0.0.0/8', 'cluster:80')]
    expect(writePlan(planBetween(before, after)).close).toEqual(['replace tierwall-job', 'replace tierwall-web'])
    expect(faultsOnTheWay(before, after, [], [{ from: pod('job'), to: pod('web'), port: 80 }])).toEqual([])
  })

  it('keeps a flow that moves from one policy to another', () => {
    const job = workload('job', { tier: 'job' })
    const both = (own: string, object: object[]) =>
      clusterFor(
        job +
          workload('web', { tier: 'web', 'allow-from': own }) +
          appTier('more', { selector: { matchLabels: { app: 'web' } }, ports: [{ port: 80 }], from: object }),
      )
    const [before, after] = [both('job', []), both('none', [{ tier: 'job' }])]
    const flow = { from: pod('job'), to: pod('web'), port: 80 }
    for (const [live, desired] of [
      [before, after],
      [after, before],
    ] as const) {
      expect(faultsOnTheWay(live, desired, [], [flow])).toEqual([])
      expect(writePlan(planBetween(live, desired)).tidy).toHaveLength(1)
    }
  })
})
