/** An answer as plain JSON, for scripts. */
import { writeRef } from '../../api/source.ts'
import type { Quote } from '../quote.ts'
import type { SubjectEnd } from '../world/subject.ts'
import { adviseOnAll } from './advice.ts'
import type { Answer, Flow, PortAnswer } from './index.ts'
import { writeSpan } from './ports.ts'
import { type Reason, reasonsOf } from './reasons.ts'
import type { ExplainContext } from './text.ts'

export function answerAsJson({ question, judgement, ports }: Answer, context: ExplainContext): string {
  const json = {
    from: question.from.text,
    to: question.to.text,
    verdict: judgement,
    ports: ports.map(port => portAsJson(port, context)),
  }
  return `${JSON.stringify(json, null, 2)}\n`
}

function portAsJson({ span, judgement, flows }: PortAnswer, context: ExplainContext): object {
  return {
    port: writeSpan(span),
    verdict: judgement,
    pairs: flows.map(flow => pairAsJson(flow, context)),
    ...adviseOnAll(flows, context.world, context),
  }
}

function pairAsJson(flow: Flow, { world, quote }: ExplainContext): object {
  const { egress, ingress } = reasonsOf(flow, world, quote)
  return {
    from: endAsJson(flow.from),
    to: endAsJson(flow.to),
    allowed: flow.verdict.allowed,
    egress: reasonAsJson(egress),
    ingress: reasonAsJson(ingress),
  }
}

function endAsJson({ end, label, ref }: SubjectEnd): object {
  if (end.is === 'address') return { address: end.ip }
  return ref ? { kind: ref.kind, namespace: ref.namespace, name: ref.name } : { stranger: label }
}

function reasonAsJson(reason: Reason): object {
  switch (reason.is) {
    case 'free':
      return { allowed: true, isolated: false, note: reason.note }
    case 'denied':
      return { allowed: false, isolatedBy: reason.isolating.map(({ ref }) => writeRef(ref)) }
    case 'allowed':
      return {
        allowed: true,
        isolated: true,
        grants: reason.grants.map(({ policy, because }) => ({
          policy: writeRef(policy.ref),
          because: because.map(quoteAsJson),
        })),
      }
  }
}

function quoteAsJson({ place, who, text }: Quote): object {
  return { ...place, who, ...(text === undefined ? {} : { text }) }
}
