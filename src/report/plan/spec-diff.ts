/** A change of a policy → the lines of its spec that go and come, as YAML with sorted keys. */
import { stringify } from 'yaml'
import type { SpecLike } from '../../plan/grants.ts'
import { writeSpec } from '../../plan/spec.ts'
import { type PolicyChange, partsOf } from './changes.ts'
import { type DiffLine, diffLines } from './diff.ts'

export function diffSpecs(change: PolicyChange): readonly DiffLine[] {
  const { before, after } = partsOf(change)
  return before || after ? diffLines(linesOf(before), linesOf(after)) : []
}

function linesOf(spec: SpecLike | undefined): readonly string[] {
  if (spec === undefined) return []
  const sorted: unknown = JSON.parse(writeSpec(spec))
  return stringify(sorted, { aliasDuplicateObjects: false, lineWidth: 0 }).trimEnd().split('\n')
}
