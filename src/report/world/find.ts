/** Names of ends → the pods and addresses that they stand for in a world, or why nobody can tell. */
import { readAddress } from '../../api/cidr.ts'
import { findObject } from './find-object.ts'
import { findTier } from './find-tier.ts'
import { type Found, found } from './found.ts'
import type { World } from './index.ts'
import { readEndName } from './name.ts'
import { endOf, type SubjectEnd } from './subject.ts'

export type { Found }

export function findSubject(text: string, world: World, namespace: string): Found {
  const read = readEndName(text)
  if ('trouble' in read) return read
  const name = read.value
  switch (name.is) {
    case 'anywhere':
      return found({ text, is: 'anywhere', tier: [], hasSiblings: false }, strangersOf(world))
    case 'address':
      return found({ text, is: 'address', tier: [], hasSiblings: false }, endsAt(name.ip, world))
    case 'tier':
      return findTier(text, name, world, namespace)
    case 'object':
    case 'either':
      return findObject(text, name, world, namespace)
  }
}

const strangersOf = ({ strangers }: World) => strangers.map(stranger => ({ ...stranger, members: [] }))

/** A pod's own address means the pod; on its node's network it is just an address. */
function endsAt(ip: string, world: World): readonly SubjectEnd[] {
  const pods = world.pods.filter(({ end }) => !end.hostNetwork && end.ips.some(one => readAddress(one)?.text === ip))
  if (pods.length > 0) return pods.map(endOf)
  return [{ end: { is: 'address', ip }, label: ip, members: [] }]
}
