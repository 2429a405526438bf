import { type Problem, problemAt } from '../api/problem.ts'
import { writeRef } from '../api/source.ts'
import { refOf } from '../intent/snapshot.ts'
import { portOf } from './survey/declared-ports.ts'
import type { Survey } from './survey/index.ts'
import { findServicePort } from './survey/service-ports.ts'

/** A Service's port is given where its targetPort counts. */
export function portIsServicePort(survey: Survey): Problem[] {
  return survey.portClaims.flatMap(claim => {
    const taken = findServicePort(claim, survey)
    if (!taken) return []
    const { protocol } = claim.port
    const fixes = taken.targets.map(target => claim.rewrite(portOf({ containerPort: target, protocol })))
    return problemAt(
      claim.source,
      'port-is-service-port',
      `${claim.text} is the port of ${writeRef(refOf(taken.service))}: the pods behind it listen on ${taken.targets.join(', ')}`,
      `write ${fixes.join(' or ')}`,
    )
  })
}
