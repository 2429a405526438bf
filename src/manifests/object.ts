/** A document's value → the Kubernetes objects in it: lists taken apart, namespaces filled in. */
import type { FieldPath } from '../api/source.ts'
import { isJsonMap } from './value.ts'

export interface FoundObject {
  /** Empty where there is none. */
  readonly apiVersion: string
  readonly kind: string
  /** Where it stands in its document. */
  readonly path: FieldPath
  readonly json: Readonly<Record<string, unknown>>
}

/** Anything without a kind is no Kubernetes object and passed over: folders hold other YAML as well. */
export function findObjects(
  value: unknown,
  path: FieldPath = [],
  inherited: { readonly apiVersion?: string; readonly kind?: string } = {},
): FoundObject[] {
  if (!isJsonMap(value)) return []
  const version = value.apiVersion ?? inherited.apiVersion
  const apiVersion = typeof version === 'string' ? version : ''
  const kind = value.kind ?? inherited.kind
  if (typeof kind !== 'string') return []
  const items = value.items
  if (kind.endsWith('List') && (Array.isArray(items) || items === null)) {
    // The items of a typed list as the API server sends it have neither kind nor apiVersion.
    const common = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) }
    return (items ?? []).flatMap((item: unknown, index) => findObjects(item, [...path, 'items', index], common))
  }
  return [{ apiVersion, kind, path, json: { ...value, apiVersion, kind } }]
}

const clusterScoped: ReadonlySet<string> = new Set([
  'APIService',
  'MutatingWebhookConfiguration',
  'Namespace',
  'ValidatingWebhookConfiguration',
])

/** As kubectl does with its default namespace. */
export function withNamespace(
  { kind, json }: FoundObject,
  defaultNamespace: string,
): Readonly<Record<string, unknown>> {
  const metadata = json.metadata
  if (!isJsonMap(metadata)) return json
  const { namespace, ...others } = metadata
  if (clusterScoped.has(kind)) return { ...json, metadata: others }
  return { ...json, metadata: { ...others, namespace: (namespace ?? '') === '' ? defaultNamespace : namespace } }
}

/** `kubectl apply` refuses these: without a name of its own, such an object is nobody's to speak of. */
export function isGenerated({ kind, json: { metadata } }: FoundObject): boolean {
  if (!isJsonMap(metadata) || (kind !== 'Job' && kind !== 'Pod')) return false
  return metadata.name === undefined && typeof metadata.generateName === 'string'
}
