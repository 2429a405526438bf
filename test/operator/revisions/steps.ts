/** Steps of a history as a person reads them. */
import type { Step } from './history.ts'
import { wordsOf } from './words.ts'

export function writeStep({ verb, kind, namespace, name }: Pick<Step, 'verb' | 'kind' | 'namespace' | 'name'>): string {
  return `${verb} ${kind} ${namespace === '' ? name : `${namespace}/${name}`}`
}

/** What it says now, without the prefix of our annotations. */
export function writeWords({ kind, namespace, name, after }: Step): string {
  if (kind === 'Configuration') return ` ${after.inputs.configured.text}`
  const object = after.inputs.objects.get(`${kind} ${namespace}/${name}`)
  if (!object) return ''
  const { annotations, spec } = wordsOf(object)
  return ` ${JSON.stringify(spec ?? annotations).replaceAll('tierwall.dev/', '')}`
}
