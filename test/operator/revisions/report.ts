/** Violations as a person reads them: the write, the flows, and the states that agree that it must not. */
import { rememberDecisions } from './decided.ts'
import type { Moment } from './history.ts'
import type { Violation } from './judge.ts'
import { writeEnd } from './pods.ts'
import { writePorts } from './ranges.ts'
import { writeStep } from './steps.ts'

export function writeViolations(violations: readonly Violation[]): string {
  const byRevision = Map.groupBy(violations, ({ step }) => step.revision)
  return [...byRevision.values()].map(writeOne).join('\n')
}

const mostFlows = 8

function writeOne(violations: readonly Violation[]): string {
  const [first] = violations
  if (first === undefined) return ''
  const { step, states } = first
  const { namespace, name } = step
  const spec = (policies: typeof step.before.ours) =>
    JSON.stringify(policies.get(`${namespace}/${name}`)?.spec ?? 'none')
  return [
    `revision ${step.revision}: ${writeStep(step)}`,
    `  from ${spec(step.before.ours)}`,
    `  to   ${spec(step.after.ours)}`,
    ...violations.slice(0, mostFlows).map(writeFlow),
    ...(violations.length > mostFlows ? [`  and ${violations.length - mostFlows} flows more`] : []),
    `  though every state since the last settled one says otherwise:`,
    ...states.map(({ revision, note }) => `    revision ${revision}: ${note}`),
  ].join('\n')
}

function writeFlow({ does, from, to, protocol, ports }: Violation): string {
  return `  ${does} ${writeEnd(from)} -> ${writeEnd(to)} ${writePorts(ports)}/${protocol}`
}

/** What is asked for, and what stands there instead. */
export function writeUnsettled({ inputs, ours }: Moment): string {
  const { desired, broken } = rememberDecisions().asIs(inputs)
  const write = (policies: Moment['ours'], key: string) => JSON.stringify(policies.get(key)?.spec ?? 'none')
  const differing = [...new Set([...desired.keys(), ...ours.keys()])].filter(
    key => write(desired, key) !== write(ours, key),
  )
  return [
    `broken: ${[...broken].join(', ') || 'nothing'}`,
    ...differing.map(key => `  ${key}\n    should be ${write(desired, key)}\n    is        ${write(ours, key)}`),
  ].join('\n')
}
