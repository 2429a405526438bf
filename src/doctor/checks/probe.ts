/** What the probe proved, and what probes left behind. */
import { listFew } from '../../lint/survey/list-few.ts'
import { writeAge } from '../age.ts'
import type { Facts } from '../facts.ts'
import { type Check, doubt, failure, fine, type Remark } from '../finding.ts'
import { tries } from '../probe/commands.ts'
import { findLeftover } from '../probe/leftover.ts'
import { type Direction, directions, isProved, type Probed } from '../probe/probed.ts'

/** Nothing where nobody asked for it. */
export const probe: Check = {
  name: 'probe',
  judge: ({ probed }) => (probed ? [...judgeProbe(probed), ...lingering(probed)] : []),
}

function judgeProbe(probed: Probed): readonly Remark[] {
  const where = probed.nodes.length === 0 ? '' : ` (pods on ${listFew(probed.nodes)})`
  const [unknown] = directions.flatMap(direction => (probed[direction].is === 'unknown' ? [probed[direction]] : []))
  const remarks = directions.flatMap(direction => judgeDirection(direction, probed, where))
  if (isProved(probed))
    return [fine(`a deny of ingress and one of egress each shut what was open before and after${where}`)]
  if (!unknown) return remarks
  // Somebody asked for a proof, and there is none: no reason to go on as if there were.
  return [
    ...remarks,
    failure(`cannot tell: ${unknown.because}`, 'it is not proved that policies have an effect', unknown.fix),
  ]
}

function judgeDirection(direction: Direction, probed: Probed, where: string): readonly Remark[] {
  const { is } = probed[direction]
  if (is === 'unknown') return []
  if (is === 'enforced') return [fine(`${direction} is enforced: a deny shut what was open before and after${where}`)]
  return [
    failure(
      `${direction} is not enforced: ${tries} tries after a deny its pods still connect${where}`,
      'policies are accepted, and this half of them has no effect',
      'see that the network plugin enforces policies, and that its agents run on those nodes',
    ),
  ]
}

function lingering({ lingering }: Probed): readonly Remark[] {
  return lingering.map(({ namespace, because }) =>
    doubt(
      `namespace ${namespace} is not gone yet: ${because}`,
      'nothing in it is needed',
      `kubectl delete namespace ${namespace}`,
    ),
  )
}

/** Of probes that could not clear up, as after kill -9. */
export const leftovers: Check = {
  name: 'left by probes',
  judge: ({ namespaces, now }: Facts) => {
    if ('unseen' in namespaces) return []
    const found = namespaces.seen.flatMap(({ object: { metadata } }) => {
      const made = findLeftover(metadata, now)
      return made === undefined ? [] : [{ name: metadata.name, age: writeAge(now - made) }]
    })
    return found.map(({ name, age }) =>
      doubt(
        `namespace ${name} is of a probe of ${age} ago`,
        'nothing in it is needed',
        `kubectl delete namespace ${name}, or tierwall doctor --probe, which removes it first`,
      ),
    )
  },
}
