import { describe, expect, it } from 'vitest'
import { allowedPorts, evaluateFlow, indexPolicies, type PodEnd, type PortRange } from '../../src/evaluate/index.ts'
import fc from '../seeded.ts'
import { flow, oneFamily, podNamed, policies, policyNamed, port, protocol } from './scenes.ts'
import { address } from './world.ts'

const runs = { numRuns: 1000 }

describe('for all policies and flows', () => {
  it('the order of the policies does not matter', () => {
    const shuffled = policies.chain(policies =>
      fc.tuple(fc.constant(policies), fc.shuffledSubarray(policies, { minLength: policies.length })),
    )
    fc.assert(
      fc.property(shuffled, flow, ([policies, others], { from, to, target }) => {
        expect(evaluateFlow(others, from, to, target)).toEqual(evaluateFlow(policies, from, to, target))
      }),
      runs,
    )
  })

  it('a flow is allowed exactly where both directions allow it, and those where nothing isolates or something grants', () => {
    fc.assert(
      fc.property(policies, flow, (policies, { from, to, target }) => {
        const { allowed, egress, ingress } = evaluateFlow(policies, from, to, target)
        expect(allowed).toBe(egress.allowed && ingress.allowed)
        for (const { allowed, isolating, grants } of [egress, ingress]) {
          expect(allowed).toBe(isolating.length === 0 || grants.length > 0)
          for (const { policy } of grants) expect(isolating).toContain(policy)
        }
      }),
      runs,
    )
  })

  it('one more policy on an isolated pod only adds grants', () => {
    fc.assert(
      fc.property(policies, policyNamed('p6'), oneFamily, (policies, added, { from, to, target }) => {
        const before = evaluateFlow(policies, from, to, target)
        const after = evaluateFlow([...policies, added], from, to, target)
        for (const direction of ['egress', 'ingress'] as const) {
          expect(after[direction].isolating).toEqual(expect.arrayContaining([...before[direction].isolating]))
          expect(after[direction].grants).toEqual(expect.arrayContaining([...before[direction].grants]))
          if (before[direction].isolating.length > 0 && before[direction].allowed)
            expect(after[direction].allowed).toBe(true)
        }
      }),
      runs,
    )
  })

  it('a pod reaches itself', () => {
    fc.assert(
      fc.property(policies, podNamed('pod'), port, protocol, (policies, pod, port, protocol) => {
        expect(evaluateFlow(policies, pod, { ...pod }, { port, protocol }).allowed).toBe(true)
      }),
      runs,
    )
  })

  it('a pod on its node’s network is judged as its node’s address', () => {
    const onNode = podNamed('agent').map(pod => ({ ...pod, hostNetwork: true, ips: ['10.0.0.1'] }))
    fc.assert(
      fc.property(policies, onNode, flow, (policies, pod, { to, target }) => {
        const node = address('10.0.0.1')
        expect(evaluateFlow(policies, pod, to, target)).toEqual(evaluateFlow(policies, node, to, target))
        expect(evaluateFlow(policies, to, pod, target)).toEqual(evaluateFlow(policies, to, node, target))
      }),
      runs,
    )
  })

  it('a dual-stack pod reaches what it reaches in one of its families', () => {
    const [v4, v6] = ['10.0.1.1', 'fd00::1']
    const withIps = (pod: PodEnd, ...ips: string[]) => ({ ...pod, ips })
    fc.assert(
      fc.property(policies, podNamed('one'), podNamed('two'), flow, (policies, one, two, { target }) => {
        const allowed = (...ips: string[]) =>
          evaluateFlow(policies, withIps(one, ...ips), withIps(two, ...ips), target).allowed
        expect(allowed(v4, v6)).toBe(allowed(v4) || allowed(v6))
      }),
      runs,
    )
  })

  it('an index that is asked many times answers as one that is asked once', () => {
    fc.assert(
      fc.property(policies, fc.array(flow, { minLength: 2, maxLength: 5 }), (policies, flows) => {
        const index = indexPolicies(policies)
        for (const { from, to, target } of [...flows, ...flows])
          expect(evaluateFlow(index, from, to, target)).toEqual(evaluateFlow(policies, from, to, target))
      }),
      { numRuns: 200 },
    )
  })
})

describe('for all policies and flows, allowedPorts', () => {
  it('agrees with evaluateFlow on every port where anything can change', () => {
    fc.assert(
      fc.property(policies, flow, protocol, (policies, { from, to }, protocol) => {
        const index = indexPolicies(policies)
        const ranges = allowedPorts(index, from, to, protocol)
        for (const port of [...everyBoundary, ...ranges.flat().flatMap(around)].filter(isPort)) {
          const isListed = ranges.some(([first, last]) => first <= port && port <= last)
          expect([port, isListed]).toEqual([port, evaluateFlow(index, from, to, { port, protocol }).allowed])
        }
      }),
      runs,
    )
  })

  it('are sorted ranges with a gap between each two', () => {
    fc.assert(
      fc.property(policies, flow, protocol, (policies, { from, to }, protocol) => {
        const ranges = allowedPorts(policies, from, to, protocol)
        expect(ranges.every(([first, last]) => isPort(first) && first <= last && isPort(last))).toBe(true)
        expect(pairs(ranges).every(([[, last], [first]]) => last + 1 < first)).toBe(true)
      }),
      runs,
    )
  })
})

const around = (port: number) => [port - 1, port, port + 1]
const isPort = (port: number) => port >= 1 && port <= 65535
/** Around every port that the random worlds know. */
const everyBoundary = [1, 79, 80, 81, 443, 8080, 65534, 65535].flatMap(around)

function pairs(ranges: readonly PortRange[]): readonly (readonly [PortRange, PortRange])[] {
  return ranges.flatMap((range, place) => {
    const next = ranges[place + 1]
    return next === undefined ? [] : [[range, next] as const]
  })
}
