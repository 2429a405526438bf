/** Does the cluster know AppTier, and is it the one of this version? */
import { makeCustomResourceDefinition } from '../../api/crd.ts'
import { listFew } from '../../lint/survey/list-few.ts'
import type { Definition } from '../facts.ts'
import { type Check, couldNotLook, doubt, failure, fine, type Remark } from '../finding.ts'

const apply = 'kubectl apply -f crds/tierwall.dev_apptiers.yaml'

export const appTier: Check = {
  name: 'AppTier',
  judge: ({ definition, groups, tierwall }) => {
    if ('seen' in definition) return [judge(definition.seen, tierwall)]
    const isServed = 'seen' in groups && groups.seen.includes('tierwall.dev')
    return [couldNotLook(`${definition.unseen}${isServed ? '; tierwall.dev is served' : ''}`)]
  },
}

function judge(definition: Definition | undefined, tierwall: string): Remark {
  if (!definition)
    return doubt('its definition is not installed', 'annotations work without it, AppTier objects do not', apply)
  if (!definition.established)
    return failure(
      'its definition is not served',
      'AppTier objects are not read',
      'kubectl describe crd apptiers.tierwall.dev',
    )
  const differences = compare(definition.spec, makeCustomResourceDefinition().spec, [])
  if (differences.length === 0) return fine(`installed, as Tierwall ${tierwall} has it`)
  const places = listFew([...new Set(differences.map(({ path }) => writePlace(path)))])
  const what = differences.every(({ lacks }) => lacks)
    ? `its definition is older than Tierwall ${tierwall}: it lacks ${places}`
    : `its definition is not the one of Tierwall ${tierwall}: it differs in ${places}`
  return doubt(what, 'fields may be refused or lost', `${apply} of this version`)
}

interface Difference {
  readonly path: readonly string[]
  /** What is wanted is not there at all. */
  readonly lacks: boolean
}

/** What the API server adds by itself is none, and neither is another description. */
function compare(stored: unknown, wanted: unknown, path: readonly string[]): readonly Difference[] {
  if (!isMap(wanted) || !isMap(stored))
    return sameJson(stored, wanted) ? [] : [{ path, lacks: stored === undefined && wanted !== undefined }]
  const isWhole = path.includes('openAPIV3Schema')
  const keys = isWhole ? new Set([...Object.keys(wanted), ...Object.keys(stored)]) : Object.keys(wanted)
  return [...keys]
    .filter(key => key !== 'description' || path.at(-1) === 'properties')
    .sort()
    .flatMap(key => compare(stored[key], wanted[key], [...path, key]))
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

const filler = new Set(['openAPIV3Schema', 'properties', 'schema', 'versions'])

/** Of `versions.0.schema.openAPIV3Schema.properties.spec.properties.to` the words that people write. */
function writePlace(path: readonly string[]): string {
  const words = path.filter((word, index) => !filler.has(word) && !(path[index - 1] === 'versions'))
  return words.length === 0 ? 'its versions' : words.join('.')
}
