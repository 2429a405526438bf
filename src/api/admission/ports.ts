/** Ports in CEL: what is wrong with those of some texts that are no ports. */
import { annotation } from '../annotations.ts'
import { readPort } from '../ports.ts'
import { choose, matches } from './cel.ts'
import { checkList, type ListAnnotation, readList } from './lists.ts'
import { knownProtocol, longPortName, port, portDigits, portRange, protocolInAnyCase } from './patterns.ts'
import type { Check } from './policy.ts'
import { cutShort, faultOf, type Places, say } from './sentences.ts'

export function checkPorts(): Check {
  const list: ListAnnotation = { name: 'ports', key: annotation.ports, what: 'ports' }
  const faults = { name: 'portFaults', expression: findPortFaults('variables.portsEntries', list.key) }
  return checkList(list, [...readList(list), faults], [faults.name], 'write ports such as 5000, 8000-8010/UDP or none')
}

/** `texts` is an expression for a list, and so is what comes back. */
export function findPortFaults(texts: string, key: string): string {
  const first = "int(p.find('[0-9]+'))"
  const last = "int(p.find('-[0-9]+').substring(1))"
  const isBackwards = `${matches('p', portRange)} && ${first} > ${last}`
  const isWrong = `!${matches('p', port)} || ${matches('p', longPortName)} || (${isBackwards})`
  return `${texts}.filter(p, ${isWrong})\n  .map(p, ${cutShort('p')})\n  .map(p, ${portFault(key)})`
}

function portFault(key: string): string {
  const sayPort = (sample: string, places: Places) => say(faultOf(readPort(sample)), key, places)
  const number = "p.split('/')[0]"
  const turned = `${number}.split('-')[1] + '-' + ${number}.split('-')[0]`
  return choose(
    [
      [
        `!${matches('p', knownProtocol)} && ${matches('p', protocolInAnyCase)}`,
        sayPort('1/udp', { '1/udp': 'p', '1/UDP': `${number} + '/' + p.split('/')[1].upperAscii()` }),
      ],
      [`!${matches('p', knownProtocol)}`, sayPort('1/%', { '1/%': 'p' })],
      [`${number} == ''`, sayPort('', {})],
      [`!${matches('p', portDigits)}`, sayPort('%', { '%': number })],
      [matches('p', port), sayPort('9-8', { '9-8': number, '8-9': turned })],
    ],
    sayPort('00000000', { '00000000': number }),
  )
}
