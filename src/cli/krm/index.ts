/** A KRM function: a ResourceList in; the same with the generated NetworkPolicies and a result for every problem out. */
import { isDeepStrictEqual } from 'node:util'
import { type Node, stringify } from 'yaml'
import { written } from '../../api/annotations.ts'
import type { KubernetesObject } from '../../api/kubernetes.ts'
import type { Problem } from '../../api/problem.ts'
import { decide, desiredPolicies, sortProblems } from '../../engine.ts'
import { lintDecision } from '../../lint/index.ts'
import { readManifestText } from '../../manifests/manifests.ts'
import type { WirePolicy } from '../../policy/wire.ts'
import { auditNotes } from '../../report/audit.ts'
import { policyAsYaml } from '../../report/policies.ts'
import type { Locate } from '../../report/problems/index.ts'
import type { Trouble } from '../../report/world/name.ts'
import { readFunctionConfig } from './configuration.ts'
import {
  changeItems,
  type Item,
  isWrittenByUs,
  parseKeeping,
  readResourceList,
  stdin,
  writeDocument,
} from './resource-list.ts'
import { type KrmResult, resultOf } from './results.ts'

export interface FunctionRun {
  readonly output: string
  readonly problems: readonly Problem[]
  readonly locate: Locate
  readonly failed: boolean
}

const defaultNamespace = 'default'

export function runFunction(text: string): FunctionRun | { readonly trouble: Trouble } {
  const read = readResourceList(text)
  if ('trouble' in read) return read
  const { items, functionConfig, document } = read.list
  const { configuration, problems: faults } = readFunctionConfig(functionConfig)
  const manifests = readManifestText(stdin, text, defaultNamespace)
  const decision = decide(
    manifests.objects.filter(object => !isOurs(object)),
    configuration,
  )
  const found = sortProblems([...faults, ...manifests.problems, ...decision.problems, ...lintDecision(decision)])
  const failed = found.some(({ severity }) => severity === 'error')
  if (!failed)
    replacePolicies(
      document,
      items,
      desiredPolicies(decision).map(({ policy }) => policy),
    )
  const notes = auditNotes(decision).map((message): KrmResult => ({ message, severity: 'info' }))
  const results = [...found.map(problem => resultOf(problem, items, functionConfig, defaultNamespace)), ...notes]
  document.delete('results')
  if (results.length > 0)
    document.set(
      'results',
      nodeOf(stringify(results, { aliasDuplicateObjects: false, compat: 'yaml-1.1', lineWidth: 0 })),
    )
  return { output: writeDocument(document), problems: found, locate: manifests.locate, failed }
}

function isOurs({ is, object }: KubernetesObject): boolean {
  return is === 'networkPolicy' && object.metadata.labels[written.managedByLabel] === written.manager
}

function replacePolicies(
  document: Parameters<typeof changeItems>[0],
  items: readonly Item[],
  policies: readonly WirePolicy[],
): void {
  const waiting = new Map(policies.map(policy => [`${policy.metadata.namespace}/${policy.metadata.name}`, policy]))
  const changes = items.map((item): 'keep' | 'drop' | Node => {
    if (!isWrittenByUs(item)) return 'keep'
    const key = `${item.metadata?.namespace ?? defaultNamespace}/${item.metadata?.name ?? ''}`
    const policy = waiting.get(key)
    if (!policy) return 'drop'
    waiting.delete(key)
    const placed = withAnnotations(policy, ownAnnotations(item))
    return isDeepStrictEqual(item, placed) ? 'keep' : nodeOf(policyAsYaml(placed))
  })
  changeItems(
    document,
    changes,
    [...waiting.values()].map(policy => nodeOf(policyAsYaml(policy))),
  )
}

/** Which file an item came from is the caller's to say, also when the item is written anew. */
function ownAnnotations({ metadata }: Item): Readonly<Record<string, string>> {
  const kept = Object.entries(metadata?.annotations ?? {}).filter(([key]) => /(^|\.)config\.kubernetes\.io\//.test(key))
  return Object.fromEntries(kept.map(([key, value]) => [key, String(value)]))
}

function withAnnotations(policy: WirePolicy, more: Readonly<Record<string, string>>): WirePolicy {
  return { ...policy, metadata: { ...policy.metadata, annotations: { ...policy.metadata.annotations, ...more } } }
}

function nodeOf(text: string): Node {
  const { contents } = parseKeeping(text)
  if (!contents) throw new Error('an object is never empty')
  return contents
}
