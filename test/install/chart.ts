/** What the chart renders, and what may differ from config/. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import type { Outcome } from '../program.ts'
import type { Helm } from './helm.ts'
import { type KubernetesObject, nameOf, readObjects, root } from './objects.ts'

export const chart = join(root, 'chart')

export type Values = Readonly<Record<string, unknown>>

/** A command of Helm's with values from a file, in the operator's usual namespace. */
export async function withValues(helm: Helm, values: Values, ...args: readonly string[]): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'tierwall-values-'))
  try {
    const file = join(folder, 'values.yaml')
    await writeFile(file, stringify(values))
    return await helm(...args, '--namespace', 'tierwall-system', '--values', file)
  } finally {
    await rm(folder, { recursive: true })
  }
}

export async function renderChart(helm: Helm, values: Values = {}): Promise<readonly KubernetesObject[]> {
  const { code, stdout, stderr } = await withValues(helm, values, 'template', 'tierwall', chart)
  if (code !== 0 || stderr !== '') throw new Error(`helm ended with ${code}: ${stderr}`)
  return readObjects(stdout)
}

interface Difference {
  readonly because: string
  /** What is left of an object without it. */
  readonly without: (object: KubernetesObject) => KubernetesObject | undefined
}

/** All in which the chart and config/ may differ. */
export const mayDiffer: Readonly<Record<string, Difference>> = {
  'the Namespace': {
    because: 'Helm makes it with --create-namespace, before it can keep anything about a release',
    without: object => (object.kind === 'Namespace' ? undefined : object),
  },
  'the labels helm.sh/chart and app.kubernetes.io/managed-by': {
    because: 'Helm knows its objects by them',
    without: object => withoutKeys(object, 'labels', ['helm.sh/chart', 'app.kubernetes.io/managed-by']),
  },
  'the annotation helm.sh/resource-policy': {
    because: 'Helm would delete the definition and every AppTier with it',
    without: object => withoutKeys(object, 'annotations', ['helm.sh/resource-policy']),
  },
  'how the configuration file is written': {
    because: 'the chart writes it from values, so its comments and the order of its fields are lost',
    without: object => (object.kind === 'ConfigMap' ? { ...object, ...withFile.parse(object) } : object),
  },
}

const withFile = z.looseObject({ data: z.object({ 'config.yaml': z.string().transform(text => parse(text)) }) })

const texts = z.record(z.string(), z.string()).default({})

function withoutKeys(object: KubernetesObject, field: 'labels' | 'annotations', keys: readonly string[]) {
  const kept = Object.entries(texts.parse(object.metadata[field])).filter(([key]) => !keys.includes(key))
  return { ...object, metadata: { ...object.metadata, [field]: Object.fromEntries(kept) } }
}

/** Less what may differ, in one order. */
export function listComparable(
  objects: readonly KubernetesObject[],
  differences: readonly Difference[] = Object.values(mayDiffer),
): readonly KubernetesObject[] {
  return objects
    .flatMap(object => {
      const left = differences.reduce<KubernetesObject | undefined>(
        (left, { without }) => left && without(left),
        object,
      )
      return left ?? []
    })
    .sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))
}
