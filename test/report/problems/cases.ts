import { type Problem, problemAt } from '../../../src/api/problem.ts'
import { type Source, sourceAt } from '../../../src/api/source.ts'
import type { Place } from '../../../src/report/problems/placed.ts'

const web = { kind: 'Deployment', namespace: 'shop', name: 'web' }
const ports = sourceAt(web, ['metadata', 'annotations', 'tierwall.dev/ports'], [6, 11])

export const problems: readonly Problem[] = [
  problemAt(
    { said: 'configuration', path: ['peers', 0] },
    'configuration-invalid',
    "there is no key 'x'",
    'take it away',
  ),
  problemAt(sourceAt({ ...web, name: 'api' }, []), 'workload-uncovered', 'this has no tier', 'give it one'),
  problemAt({ said: 'file', file: 'b.yaml', line: 1, column: 1 }, 'yaml-invalid', 'this is no YAML', 'correct it'),
  problemAt({ said: 'file', file: 'a.yaml', line: 12, column: 1 }, 'tier-overlap', 'two tiers', 'take one away'),
  problemAt(ports, 'port-undeclared', 'no container declares 80-79', 'write 5000'),
  problemAt(ports, 'port-invalid', "'80-79' runs backwards", 'write 79-80'),
]

export function locate(source: Source): Place | undefined {
  if (source.said === 'file') return source
  return source === ports ? { file: 'a.yaml', line: 7, column: 32 } : undefined
}
