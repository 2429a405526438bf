/** Who said something, for people: the place in a file, the object and field, and the very words that stand there. */
import { stringify } from 'yaml'
import { writePeerWithPorts } from '../api/peers.ts'
import { writePorts } from '../api/ports.ts'
import { type FieldPath, type ObjectSource, type Source, writePath, writeRef } from '../api/source.ts'
import { presetFrom, presetPorts } from '../intent/presets.ts'
import { refOf, type Snapshot } from '../intent/snapshot.ts'
import { onOneLine } from './one-line.ts'
import type { Locate, Place } from './problems/placed.ts'

export type { Locate, Place }

export interface Quote {
  readonly place?: Place
  /** `Deployment shop/api annotation tierwall.dev/allow-from` */
  readonly who: string
  readonly text?: string
}

export type Quoter = (source: Source) => Quote

export function makeQuoter(snapshot: Snapshot, locate: Locate): Quoter {
  const values = gatherValues(snapshot)
  return source => {
    const place = locate(source)
    const text = textOf(source, values, snapshot)
    return { ...(place ? { place } : {}), who: writeWho(source), ...(text === undefined ? {} : { text }) }
  }
}

/** `shop.yaml:31:29: web — Deployment shop/api annotation tierwall.dev/allow-from`, without what is not known. */
export function writeQuote({ place, who, text }: Quote): string {
  const where = place ? `${writePlace(place)}: ` : ''
  return onOneLine(`${where}${text === undefined ? '' : `${text} — `}${who}`)
}

export function writePlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`
}

export function writeWho(source: Source): string {
  if (source.said === 'preset') return `preset ${source.tier}: ${presetText(source)}`
  if (source.said === 'file') return `${source.file}:${source.line}`
  if (source.said === 'configuration')
    return source.path[0] === 'dns' ? 'DNS, which every tier may reach' : `configuration ${writePath(source.path)}`
  const key = annotationOf(source.path)
  if (key !== undefined) return `${writeRef(source.object)} annotation ${key}`
  return source.path.length === 0 ? writeRef(source.object) : `${writeRef(source.object)} ${writePath(source.path)}`
}

export function annotationOf([first, second, key, ...more]: FieldPath): string | undefined {
  const isAnnotation = first === 'metadata' && second === 'annotations' && more.length === 0
  return isAnnotation && typeof key === 'string' ? key : undefined
}

function presetText({ tier, field }: Extract<Source, { said: 'preset' }>): string {
  if (field === 'ports') {
    const ports = presetPorts(tier)
    return `port ${ports.is === 'broken' ? '' : writePorts(ports.value)}`
  }
  const from = presetFrom(tier)
  return `from ${from.is === 'broken' ? '' : from.value.map(writePeerWithPorts).join(', ')}`
}

type Values = ReadonlyMap<string, { readonly annotations: Readonly<Record<string, string>>; readonly spec?: unknown }>

function gatherValues({ workloads, appTiers, namespaces }: Snapshot): Values {
  return new Map([
    ...[...workloads, ...namespaces.values()].map(
      object => [writeRef(refOf(object)), { annotations: object.metadata.annotations }] as const,
    ),
    ...appTiers.map(
      object => [writeRef(refOf(object)), { annotations: object.metadata.annotations, spec: object.spec }] as const,
    ),
  ])
}

function textOf(source: Source, values: Values, { configuration }: Snapshot): string | undefined {
  if (source.said === 'object') return textOfObject(source, values)
  if (source.said !== 'configuration' || source.path[0] !== 'baseline') return undefined
  const { from, to } = configuration.baseline
  const entry = (source.path[1] === 'from' ? from : to)[Number(source.path[2])]
  return entry && writePeerWithPorts(entry)
}

function textOfObject({ object, path, span }: ObjectSource, values: Values): string | undefined {
  const value = values.get(writeRef(object))
  const key = annotationOf(path)
  if (key !== undefined && value && Object.hasOwn(value.annotations, key)) {
    const text = value.annotations[key] ?? ''
    return span ? text.slice(...span) : text
  }
  if (path[0] !== 'spec' || value?.spec === undefined) return undefined
  const inner = lookUp(value.spec, path.slice(1))
  return inner === undefined ? undefined : writeFlow(inner)
}

function lookUp(value: unknown, path: FieldPath): unknown {
  let at = value
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = new Map<string, unknown>(Object.entries(at)).get(String(step))
  }
  return at
}

function writeFlow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trim()
}
