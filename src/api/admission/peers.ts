/** `tierwall.dev/allow-from` and `allow-to`, in CEL: each entry parted as the reader parts it, then part by part. */
import { annotation } from '../annotations.ts'
import { isOutside } from '../configuration.ts'
import { peerWords } from '../peers.ts'
import { list, matches } from './cel.ts'
import { checkList, type ListAnnotation, readList } from './lists.ts'
import { inBrackets, namedPort, range, v6 } from './patterns.ts'
import type { Check, Variable } from './policy.ts'
import { findPortFaults } from './ports.ts'
import { findRangeFaults } from './ranges.ts'
import { sayLine } from './sentences.ts'
import { findWordFaults } from './words.ts'

export function checkFrom(): Check {
  return checkPeers({ name: 'from', key: annotation.from, what: 'peers' })
}

/** Ports by name are looked up on pods, and addresses outside have none. */
export function checkTo(): Check {
  return checkPeers({ name: 'to', key: annotation.to, what: 'peers' }, [
    { name: 'toNameFaults', expression: findNamesOutside('variables.toEntries', annotation.to) },
  ])
}

function checkPeers(annotation: ListAnnotation, more: readonly Variable[] = []): Check {
  const { name, key } = annotation
  const entries = `variables.${name}Entries`
  const faults = [
    { name: `${name}WordFaults`, expression: findWordFaults(takeWords(entries), key) },
    { name: `${name}RangeFaults`, expression: findRangeFaults(takeRanges(entries), key) },
    { name: `${name}PortFaults`, expression: findPortFaults(takePorts(entries), key) },
    ...more,
  ]
  const names = faults.map(({ name }) => name)
  return checkList(annotation, [...readList(annotation), ...faults], names, 'write peers such as web, shop/web or none')
}

const isRange = matches('e', range)
const beforeColon = "e.split(':')[0]"
const hasPort = `(e.startsWith('[') ? e.contains(']:') : e.contains(':') && !e.contains('!') && !${matches('e', v6)})`
const portOf = "e.substring(e.startsWith('[') ? e.indexOf(']:') + 2 : e.indexOf(':') + 1)"

function takeWords(entries: string): string {
  return `${entries}.filter(e, !${isRange})\n  .map(e, ${beforeColon})`
}

function takeRanges(entries: string): string {
  const unbracketed = `e.contains('!') || ${matches('e', v6)} ? e : ${beforeColon}`
  return `${entries}.filter(e, ${isRange})\n  .map(e, ${matches('e', inBrackets)} ? e.substring(1, e.indexOf(']')) : ${unbracketed})\n  `
}

function takePorts(entries: string): string {
  return `${entries}.filter(e, ${hasPort})\n  .map(e, ${portOf})\n  `
}

function findNamesOutside(entries: string, key: string): string {
  const words = list(peerWords.filter(kind => isOutside({ kind })))
  const peer = `e.substring(0, e.size() - ${portOf}.size() - 1).replace('[', '').replace(']', '')`
  const line = `port-name-outside: ${key}: % has no container ports to look a name up in; write the port as a number`
  return `${entries}.filter(e, (${isRange} || ${beforeColon} in ${words}) && ${hasPort} && ${matches(portOf, namedPort)})\n  .map(e, ${sayLine(line, { '%': peer })})`
}
