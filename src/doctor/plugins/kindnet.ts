/** kindnet, of kind and minikube: it enforces since it has kube-network-policies built in. */
import { isBefore, readVersion, tagOf } from '../version.ts'
import { type AgentKind, type Enforcement, on, type Sighting } from './plugin.ts'

/** kind's own images are dated; this is the first one that enforces, and kind 0.24 the first release with it. */
const firstDay = 20240719
/** Its other home, aojea/kindnet, has versions. */
const firstVersion = [1, 3, 0] as const

const fix = 'make the cluster anew with kind 0.24 or later, or install Calico or Cilium in it'

function judge({ version = '' }: Sighting): Enforcement {
  const day = /^v?(\d{8})\b/.exec(version)?.[1]
  if (day !== undefined)
    return Number(day) >= firstDay
      ? on
      : { is: 'off', because: `enforces nothing before v${firstDay}, which kind has since 0.24`, fix }
  const read = readVersion(version)
  if (read) return isBefore(read, firstVersion) ? { is: 'off', because: 'enforces nothing before 1.3', fix } : on
  return { is: 'unknown', because: 'enforces since kind 0.24, but its image does not tell how old it is', fix }
}

export const kindnet: AgentKind = {
  name: 'kindnet',
  find: agent => agent.containers.find(({ image }) => isKindnet(image)),
  judge,
}

function isKindnet(image: string): boolean {
  const tag = tagOf(image)
  const [path = ''] = image.split('@', 1)
  return (tag === undefined ? path : path.slice(0, -tag.length - 1)).endsWith('/kindnetd')
}
