/** Where a tier's field is written: as an annotation of its workload, or in its AppTier. */
import { annotation } from '../../api/annotations.ts'
import { type ObjectSource, sourceAt } from '../../api/source.ts'
import { annotationPath } from '../../intent/annotations.ts'
import type { Member } from '../../intent/tier.ts'

export interface FieldName {
  readonly source: ObjectSource
  /** To be pasted. */
  readonly write: (value: string) => string
  readonly none: string
}

export function nameField({ ref }: Pick<Member, 'ref'>, field: 'from' | 'to' | 'ports'): FieldName {
  if (ref.kind === 'AppTier')
    return { source: sourceAt(ref, ['spec', field]), write: value => `${field}: [${value}]`, none: `${field}: []` }
  const key = annotation[field]
  return {
    source: sourceAt(ref, annotationPath(key)),
    write: value => `${key}: ${value.includes('*') || value.startsWith('@') || value.startsWith('[') ? `"${value}"` : value}`,
    none: `${key}: none`,
  }
}
