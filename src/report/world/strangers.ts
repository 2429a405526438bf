/** Who `anywhere` stands for: a public address of each family and a pod of a namespace that no policy knows. */
import { namespaceNameLabel } from '../../api/annotations.ts'
import { type Cidr, containsCidr, readCidr } from '../../api/cidr.ts'
import type { NetworkPolicy } from '../../api/kubernetes.ts'
import type { End } from '../../evaluate/index.ts'

export interface Stranger {
  readonly end: End
  readonly label: string
}

/** Reserved for documentation, so nobody's; all of them public to `internet`. */
const candidates = {
  4: ['203.0.113.77', '198.51.100.77', '192.0.2.77'],
  6: ['2001:db8:5ca1:ab1e::77', '3fff:5ca1:ab1e::77'],
} as const

export function chooseStrangers(policies: readonly NetworkPolicy[]): readonly Stranger[] {
  const named = policies.flatMap(rangesOf)
  return [strangerPod, strangerAt(4, named), strangerAt(6, named)]
}

/** No namespace can have this name, so no selector can mean it by name. */
const elsewhere = '(another namespace)'
const strangerPod: Stranger = {
  label: 'a pod without labels in another namespace',
  end: {
    is: 'pod',
    namespace: elsewhere,
    name: 'stranger',
    labels: {},
    namespaceLabels: { [namespaceNameLabel]: elsewhere },
    ips: [],
    hostNetwork: false,
    ports: [],
  },
}

export function isStranger(end: End): boolean {
  return end === strangerPod.end
}

/** An address that some rule names is no stranger, so another one is taken; wide ranges mean strangers too. */
function strangerAt(family: 4 | 6, named: readonly Cidr[]): Stranger {
  const isNamed = (ip: string) => {
    const read = readCidr(`${ip}/${family === 4 ? 32 : 128}`)
    return 'value' in read && named.some(range => range.prefix >= 8 && containsCidr(range, read.value))
  }
  const ip = candidates[family].find(candidate => !isNamed(candidate)) ?? candidates[family][0]
  return { label: `${ip} (a public IPv${family} address)`, end: { is: 'address', ip } }
}

function rangesOf({ spec }: NetworkPolicy): Cidr[] {
  const peers = [
    ...(spec.ingress ?? []).flatMap(({ from = [] }) => from),
    ...(spec.egress ?? []).flatMap(({ to = [] }) => to),
  ]
  return peers.flatMap(({ ipBlock }) => {
    const read = ipBlock && readCidr(ipBlock.cidr)
    return read && 'value' in read ? [read.value] : []
  })
}
