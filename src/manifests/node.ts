/** What YAML consists of, each part with the place where it starts. */

/** Offsets count UTF-16 units from the start of the document's text. */
export type YamlNode =
  | {
      readonly kind: 'scalar'
      readonly start: number
      readonly text: string
      readonly plain: boolean
      readonly tag: string | undefined
    }
  | { readonly kind: 'map'; readonly start: number; readonly flow: boolean; readonly entries: readonly YamlEntry[] }
  | { readonly kind: 'list'; readonly start: number; readonly flow: boolean; readonly items: readonly YamlNode[] }
  | { readonly kind: 'alias'; readonly start: number; readonly target: YamlNode }

export type YamlScalar = Extract<YamlNode, { kind: 'scalar' }>
export type YamlMap = Extract<YamlNode, { kind: 'map' }>

export interface YamlEntry {
  readonly key: YamlNode
  readonly value: YamlNode
}

export interface YamlFault {
  readonly offset: number
  readonly message: string
  readonly fix: string
}

export type YamlRead<T> = { readonly value: T } | { readonly fault: YamlFault }

/** Deeper than any Kubernetes schema (about 60), and shallow enough for every recursion that follows. */
export const deepest = 200
