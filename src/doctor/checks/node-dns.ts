/** Pods that ask NodeLocal DNSCache ask an address of their node, which no selector of DNS pods means. */
import { containsCidr, readCidr } from '../../api/cidr.ts'
import type { Agent, Container, Facts } from '../facts.ts'
import { type Check, doubt, fine, type Remark } from '../finding.ts'
import { containerOf } from '../plugins/plugin.ts'
import { flagOf } from '../plugins/words.ts'
import { locateDns } from './dns.ts'

/** Without it there is nothing to say. */
export const nodeDns: Check = {
  name: 'NodeLocal DNS',
  judge: facts => {
    if ('unseen' in facts.agents) return []
    return facts.agents.seen.flatMap(agent => {
      const cache = containerOf(agent, 'node-cache')
      return cache && agent.wanted !== 0 ? [judge(agent, cache, facts)] : []
    })
  },
}

function judge(agent: Agent, { words }: Container, { dns, configured }: Facts): Remark {
  const { openings } = locateDns('seen' in dns ? dns.seen : [], configured)
  const addresses = (flagOf(words, 'localip') ?? '169.254.20.10').split(',').filter(address => address !== '')
  const open = openings.flatMap(({ peer }) => (peer.is === 'addresses' ? peer.blocks.map(({ cidr }) => cidr) : []))
  const closed = addresses.map(asCidr).filter(cidr => !open.some(range => contains(range, cidr)))
  const where = `DaemonSet ${agent.namespace}/${agent.name}`
  if (closed.length === 0) return fine(`${where} answers at ${addresses.join(', ')}, which allow-dns opens`)
  return doubt(
    `${where} answers at ${addresses.join(', ')}, and allow-dns does not open ${closed.join(', ')}`,
    'with most network plugins names are not resolved in isolated namespaces',
    `write dns.peers: [${closed.join(', ')}] into the configuration`,
  )
}

function asCidr(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`
}

function contains(outer: string, inner: string): boolean {
  const [range, address] = [readCidr(outer), readCidr(inner)]
  return 'value' in range && 'value' in address && containsCidr(range.value, address.value)
}
