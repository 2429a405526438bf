/** Declared against evaluated reachability, and the first difference between them as text. */
import { evaluatedReach, type Rendered, renderWorld, type Wire } from './engine.ts'
import { type Answer, declaredReach, type Member, type Probe, probesOf, type Side } from './oracle.ts'
import type { End, World } from './shapes.ts'
import { addressesOf, canMeet, writeConfiguration, writeObjects } from './writing.ts'

export function firstDifference(world: World, side: Side = 'both'): string | undefined {
  const rendered = renderWorld(world)
  const errors = rendered.problems.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) return `a sound world has errors: ${JSON.stringify(errors)}\n${describeWorld(world)}`
  return differenceFrom(world, rendered, () => true, 'either', side)
}

/** The policy as it would be if it spoke of one direction only. */
function sideOf(policy: Wire, side: Side): readonly Wire[] {
  const { ingress, egress, policyTypes, ...rest } = policy.spec
  const type = side === 'egress' ? 'Egress' : 'Ingress'
  if (side === 'both') return [policy]
  if (!Array.isArray(policyTypes) || !policyTypes.includes(type)) return []
  const rules = side === 'egress' ? { egress } : { ingress }
  return [{ ...policy, spec: { ...rest, ...rules, policyTypes: [type] } }]
}

/** `wider`: only what is open though nobody declared it. */
export function differenceFrom(
  world: World,
  { policies }: Rendered,
  hasPolicy: (member: Member) => boolean,
  which: 'wider' | 'either',
  side: Side = 'both',
): string | undefined {
  const probes = probesOf(world)
  const declared = declaredReach(world, probes, hasPolicy, side)
  const evaluated = evaluatedReach(
    policies.flatMap(policy => sideOf(policy, side)),
    world,
    probes,
  )
  for (const [from, to] of pairsOf(world)) {
    const { must, may } = declared(from, to)
    const open = evaluated(from, to)
    const cut = which === 'either' ? must & ~open : 0n
    if (cut !== 0n || (open & ~may) !== 0n)
      return [
        `from ${writeEnd(from)} to ${writeEnd(to)}`,
        `  cut though declared: ${writeBits(cut, probes)}`,
        `  open though not declared: ${writeBits(open & ~may, probes)}`,
        describeWorld(world),
        ...policies.map(
          policy => `${policy.metadata.namespace}/${policy.metadata.name} ${JSON.stringify(policy.spec)}`,
        ),
      ].join('\n')
  }
  return undefined
}

export function* pairsOf(world: World): Generator<readonly [End, End]> {
  const addresses = addressesOf(world)
  for (const pod of world.pods) {
    for (const other of world.pods) if (other !== pod && canMeet(pod, other)) yield [pod, other]
    for (const address of addresses) {
      if (!canMeet(pod, address)) continue
      yield [pod, address]
      yield [address, pod]
    }
  }
}

const writeEnd = (end: End) => ('name' in end ? `${end.namespace}/${end.name} (${end.ips})` : end.ip)
const writeBits = (bits: Answer['must'], probes: readonly Probe[]) =>
  probes
    .filter((_, place) => ((bits >> BigInt(place)) & 1n) === 1n)
    .map(({ port, protocol }) => `${port}/${protocol}`)
    .join(' ') || 'nothing'

/** The world as text, so that a failure can be read. */
export function describeWorld(world: World): string {
  return [writeConfiguration(world), ...writeObjects(world)].map(object => JSON.stringify(object)).join('\n')
}
