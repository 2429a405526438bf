/** A file of expectations (`web -> api:5000 allowed`, or the same in YAML) → expectations, each with its place. */
import { type Document, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { z } from 'zod'
import { type Port, readPort } from '../api/ports.ts'
import type { Place } from './problems/placed.ts'
import type { Trouble } from './world/name.ts'

export interface Expectation {
  readonly place: Place
  /** As it stands there. */
  readonly text: string
  readonly from: string
  readonly to: string
  readonly port: Port
  readonly expect: 'allowed' | 'denied'
}

export interface PlacedTrouble extends Trouble {
  readonly place: Place
}

export interface Expectations {
  readonly expectations: readonly Expectation[]
  readonly troubles: readonly PlacedTrouble[]
}

export function readExpectations(file: string, text: string): Expectations {
  const clean = text.replace(/^\uFEFF/, '')
  const read = isYaml(clean) ? readYaml(file, clean) : readLines(file, clean)
  if (read.expectations.length + read.troubles.length > 0) return read
  const nothing = {
    place: { file, line: 1, column: 1 },
    message: 'there is no expectation in it',
    fix: `write ${form}`,
  }
  return { expectations: [], troubles: [nothing] }
}

const form = 'FROM -> TO:PORT[/PROTOCOL] allowed|denied'

/** Arrows stand in the lines of both forms, dashes and brackets only at the start of YAML's. */
function isYaml(text: string): boolean {
  const first = text.split('\n').find(line => /^\s*[^\s#]/.test(line)) ?? ''
  return /^\s*(?:-(?:\s|$)|---|\[\s*(?:["'{#\]]|$))/.test(first)
}

function readLines(file: string, text: string): Expectations {
  const read = text.split(/\r?\n/).flatMap((raw, index) => {
    const line = raw.replace(/(^|\s)#.*$/, '').trim()
    if (line === '') return []
    return [readSentence(line, { file, line: index + 1, column: raw.search(/\S/) + 1 })]
  })
  return gather(read)
}

type OneRead = { readonly expectation: Expectation } | { readonly trouble: PlacedTrouble }

function gather(read: readonly OneRead[]): Expectations {
  return {
    expectations: read.flatMap(one => ('expectation' in one ? [one.expectation] : [])),
    troubles: read.flatMap(one => ('trouble' in one ? [one.trouble] : [])),
  }
}

function readSentence(text: string, place: Place): OneRead {
  const refuse = (message: string, fix: string): OneRead => ({ trouble: { place, message, fix } })
  const [, from, target, expect] = /^(\S+)\s*->\s*(\S+)\s+(\S+)$/.exec(text) ?? []
  if (from === undefined || target === undefined) return refuse(`'${text}' is no expectation`, `write ${form}`)
  if (expect !== 'allowed' && expect !== 'denied')
    return refuse(`'${expect}' is neither allowed nor denied`, 'end the line with allowed or denied')
  const split = splitTarget(target)
  if (!split)
    return refuse(`'${target}' has no port`, `write ${writeTarget(target)}:PORT, such as ${writeTarget(target)}:80`)
  const port = readPort(upperProtocol(split.port))
  if ('fault' in port) return refuse(port.fault.message, port.fault.fix)
  return { expectation: { place, text, from, to: split.to, port: port.value, expect } }
}

const writeTarget = (target: string) =>
  /^[^[\]]*:[^[\]]*:/.test(target) && !target.includes('tier:') ? `[${target}]` : target

/** The port follows the last colon: that of `tier:` is no port's, and IPv6 addresses stand in brackets. */
function splitTarget(target: string): { readonly to: string; readonly port: string } | undefined {
  const bracketed = /^\[([^[\]]*)\]:(.+)$/.exec(target)
  if (bracketed) return { to: bracketed[1] ?? '', port: bracketed[2] ?? '' }
  const [, to, port] = /^((?:[^:]*\/)?(?:tier:)?[^:]+):([^:]+)$/.exec(target) ?? []
  if (to === undefined || port === undefined || /(?:^|\/)tier$/.test(to)) return undefined
  return { to, port }
}

/** `--port 53/udp` is as clear as `53/UDP`. */
export function upperProtocol(port: string): string {
  const slash = port.indexOf('/')
  return slash < 0 ? port : port.slice(0, slash) + port.slice(slash).toUpperCase()
}

const inYaml = `write "- ${form}", or a list of maps with from, to, port, protocol and expect`
const entry = z.strictObject({
  from: z.string(),
  to: z.string(),
  port: z.union([z.int(), z.string()]),
  protocol: z.string().optional(),
  expect: z.enum(['allowed', 'denied']),
})

function readYaml(file: string, text: string): Expectations {
  const counter = new LineCounter()
  const placeAt = (offset: number): Place => {
    const { line, col } = counter.linePos(offset)
    return { file, line, column: col }
  }
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'silent' })
  const [error] = document.errors
  const refuse = (place: Place, message: string, fix: string) => gather([{ trouble: { place, message, fix } }])
  if (error) return refuse(placeAt(error.pos[0]), `this is no valid YAML: ${error.message}`, 'correct the syntax')
  if (!isSeq<Node>(document.contents)) return refuse(placeAt(0), 'this is no list of expectations', inYaml)
  const items = document.contents.items
  return gather(items.map(item => readItem(readJs(item, document), placeAt(item.range?.[0] ?? 0))))
}

/** An alias that nothing resolves is no value. */
function readJs(item: Node, document: Document): unknown {
  try {
    return item.toJS(document)
  } catch {
    return undefined
  }
}

function readItem(item: unknown, place: Place): OneRead {
  if (typeof item === 'string') return readSentence(item.trim(), place)
  const read = entry.safeParse(item)
  if (read.success) {
    const { from, to, port, protocol, expect } = read.data
    const target = to.includes(':') && !to.includes('tier:') && !to.startsWith('[') ? `[${to}]` : to
    return readSentence(`${from} -> ${target}:${port}${protocol === undefined ? '' : `/${protocol}`} ${expect}`, place)
  }
  const [issue] = read.error.issues
  const field = issue?.path.join('.') ?? ''
  const message = `this is no expectation: ${field === '' ? '' : `${field}: `}${issue?.message ?? ''}`
  return { trouble: { place, message, fix: inYaml } }
}
