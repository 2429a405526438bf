/** Who said something: an object's field, a preset, or the configuration. Files and lines are the caller's to add. */

export interface ObjectRef {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

export type FieldPath = readonly (string | number)[]

export interface ObjectSource {
  readonly said: 'object'
  readonly object: ObjectRef
  readonly path: FieldPath
  /** Start and end within the field's text, where one entry of a list is meant. */
  readonly span?: readonly [number, number]
}

export type Source =
  | ObjectSource
  | { readonly said: 'preset'; readonly tier: string; readonly field: 'ports' | 'from' }
  | { readonly said: 'configuration'; readonly path: FieldPath }
  | { readonly said: 'file'; readonly file: string; readonly line: number; readonly column: number }

export function sourceAt(object: ObjectRef, path: FieldPath, span?: readonly [number, number]): ObjectSource {
  return span === undefined ? { said: 'object', object, path } : { said: 'object', object, path, span }
}

export function writeRef(ref: ObjectRef): string {
  return ref.namespace === '' ? `${ref.kind} ${ref.name}` : `${ref.kind} ${ref.namespace}/${ref.name}`
}

/** `shop/web`, where its kind is known. */
export function writeName({ namespace, name }: Pick<ObjectRef, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`
}

/** `metadata.annotations[tierwall.dev/tier]`, `spec.from[0].cidr` */
export function writePath(path: FieldPath): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number' || !/^[A-Za-z0-9_]+$/.test(step)) text += `[${step}]`
    else text += text === '' ? step : `.${step}`
  }
  return text
}

export function writeSource(source: Source): string {
  switch (source.said) {
    case 'object':
      return source.path.length === 0 ? writeRef(source.object) : `${writeRef(source.object)} ${writePath(source.path)}`
    case 'preset':
      return `preset ${source.tier} ${source.field}`
    case 'configuration':
      return `configuration ${writePath(source.path)}`
    case 'file':
      return `${source.file}:${source.line}:${source.column}`
  }
}

/** Where something stands: line and column count from 1, the column in UTF-16 units; the file as the user wrote it. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}
