/** The manifests of an installation, read as far as the tests look at them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
})
export type KubernetesObject = z.infer<typeof object>

export const root = join(import.meta.dirname, '../..')

export function readObjects(yaml: string): readonly KubernetesObject[] {
  return parseAllDocuments(yaml)
    .map(document => document.toJS())
    .filter(json => json !== null)
    .map(json => object.parse(json))
}

export function readManifest(path: string): readonly KubernetesObject[] {
  return readObjects(readFileSync(join(root, path), 'utf8'))
}

/** `Role kube-system/tierwall-operator-dns` */
export function nameOf({ kind, metadata: { namespace, name } }: KubernetesObject): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`
}

export function findObject(objects: readonly KubernetesObject[], name: string): KubernetesObject {
  const found = objects.find(object => nameOf(object) === name)
  if (found === undefined) throw new Error(`there is no ${name} among ${objects.map(nameOf).join(', ')}`)
  return found
}
