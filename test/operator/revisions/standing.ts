/** Policies that may rightly stand, or be missing, beside what the inputs ask for. */
import type { NetworkPolicy } from '../../../src/api/kubernetes.ts'
import type { Choice, Settled } from './choices.ts'
import type { Policies } from './history.ts'

export const namespaceIn = (key: string) => key.slice(0, key.indexOf('/'))

export function withoutForeign(desired: Policies, foreign: Policies): Policies {
  return new Map([...desired].filter(([key]) => !foreign.has(key)))
}

/** What broken input asked for may also stay just as it stands, and the namespace with it isolated. */
export function keepStanding(choice: Choice, broken: readonly string[], { ours, sources, known }: Settled): Choice[] {
  const { desired, decided } = choice
  const isHeld = (key: string) =>
    decided.isEnforced(namespaceIn(key)) && sources.get(key)?.some(one => broken.includes(one))
  const lost = [...ours].filter(([key]) => !desired.has(key))
  const held = lost.filter(([key]) => isHeld(key))
  if (held.length === 0) return []
  const around = lost.filter(
    ([key]) => isShared(key) && held.some(([other]) => namespaceIn(other) === namespaceIn(key)),
  )
  const remembered = new Set(held.flatMap(([key]) => sources.get(key) ?? []))
  return [
    {
      ...choice,
      note: `${choice.note}, and what stands`,
      known: new Map([...[...known].filter(([key]) => remembered.has(key)), ...choice.known]),
      desired: new Map([...desired, ...held, ...around]),
      sources: new Map([...sources, ...choice.sources]),
    },
  ]
}

const shared = ['tierwall-default-deny', 'tierwall-allow-dns']
const isShared = (key: string) => shared.some(name => key.endsWith(`/${name}`))

/** Where somebody else holds the name of a tier's policy, a deny that came now would cut that tier off. */
export function withoutNewShared(choice: Choice, foreign: Policies, standing: Policies): Choice[] {
  const wanted = [...choice.decided.desired.keys()]
  const held = wanted.filter(key => foreign.has(key) && !isShared(key)).map(namespaceIn)
  if (held.length === 0) return []
  const isNew = ([key]: readonly [string, NetworkPolicy]) =>
    isShared(key) && held.includes(namespaceIn(key)) && !standing.has(key)
  return [
    {
      ...choice,
      note: `${choice.note}, but no deny`,
      desired: new Map([...choice.desired].filter(entry => !isNew(entry))),
    },
  ]
}
