/** How each namespace is isolated, and who said so. */
import { isolationAnnotation } from '../api/annotations.ts'
import { type Isolation, isolationModes } from '../api/configuration.ts'
import type { Namespace } from '../api/kubernetes.ts'
import { nearest } from '../api/peers.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { type Source, sourceAt } from '../api/source.ts'
import { unknownAnnotations } from './annotations.ts'
import { refOf, type Snapshot } from './snapshot.ts'

export interface NamespaceIntent {
  readonly isolation: Isolation | 'broken' | 'refused'
  /** Said on the namespace itself: then the deny stays while no tier is left. */
  readonly byHand: boolean
  readonly because: Source
}

const systemNamespaces: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease']

export type NamespaceReader = (namespace: string) => NamespaceIntent

export function readNamespaces({ namespaces, configuration }: Snapshot): {
  isolationOf: NamespaceReader
  byHand: readonly string[]
  problems: readonly Problem[]
} {
  const problems: Problem[] = []
  const said = new Map<string, NamespaceIntent>()
  const refused = (name: string) =>
    (systemNamespaces.includes(name) || name === configuration.operatorNamespace) &&
    !configuration.allowSystemNamespaces.includes(name)
  for (const [name, namespace] of namespaces) {
    problems.push(...unknownAnnotations(namespace.metadata, refOf(namespace), [isolationAnnotation]))
    const intent = readIsolation(namespace, problems)
    if (!intent) continue
    if (refused(name) && intent.isolation === 'enforce')
      problems.push(problemAt(intent.because, 'namespace-refused', refusal(name), refusalFix(name)))
    said.set(name, refused(name) ? { ...intent, isolation: 'refused' } : intent)
  }
  const byDefault: NamespaceIntent = {
    isolation: configuration.isolation,
    byHand: false,
    because: { said: 'configuration', path: ['isolation'] },
  }
  return {
    isolationOf: name => said.get(name) ?? (refused(name) ? { ...byDefault, isolation: 'refused' } : byDefault),
    byHand: [...said].filter(([, { isolation }]) => isolation === 'enforce').map(([name]) => name),
    problems,
  }
}

export const refusal = (namespace: string) => `Tierwall writes nothing in ${namespace}`
export const refusalFix = (namespace: string) =>
  `move it to another namespace, or list ${namespace} in the configuration's allowSystemNamespaces`

/** An annotation; a label of the same name is what some people write, and means the same. */
function readIsolation(namespace: Namespace, problems: Problem[]): NamespaceIntent | undefined {
  const { annotations, labels } = namespace.metadata
  const field = Object.hasOwn(annotations, isolationAnnotation) ? 'annotations' : 'labels'
  const values = field === 'annotations' ? annotations : labels
  if (!Object.hasOwn(values, isolationAnnotation)) return undefined
  const text = values[isolationAnnotation] ?? ''
  const because = sourceAt(refOf(namespace), ['metadata', field, isolationAnnotation])
  const isolation = isolationModes.find(mode => mode === text)
  if (isolation) return { isolation, byHand: true, because }
  const meant =
    nearest(text.trim().toLowerCase(), isolationModes) ??
    isolationModes.find(mode => mode === text.trim().toLowerCase())
  const fix = meant ? `write ${meant}` : `write one of ${isolationModes.join(', ')}`
  problems.push(problemAt(because, 'isolation-invalid', `'${text}' is no isolation mode`, fix))
  return { isolation: 'broken', byHand: true, because }
}
