/** The problems of a namespace in, Events out: each problem is told once on the object that has it, for as long as it stays. */
import type { Problem } from '../../api/problem.ts'
import type { ObjectRef } from '../../api/source.ts'
import { cutNote } from '../../cluster/events/note.ts'
import type { EventNews, Recorder } from '../../cluster/index.ts'
import { namespaceOf, type Told, writeKey } from './told.ts'
import { writeReason, writeSentence } from './words.ts'

export { readTold, reportingController, type Told } from './told.ts'

/** Nothing for what is not there any more. */
export type UidOf = (ref: ObjectRef) => string | undefined

export interface NewsOptions {
  readonly recorder: Pick<Recorder, 'record' | 'figures'>
  /** Before this process: see `readTold`. */
  readonly told?: Told | undefined
}

export interface News {
  /**
   * All problems of a namespace as they are now; those of other namespaces are passed over. What is not among them any
   * more is forgotten. Answers how many could not be told yet: the recorder lets only so many pass at once.
   */
  readonly tell: (namespace: string, problems: readonly Problem[], uidOf: UidOf) => number
}

export function createNews({ recorder, told: before = new Map() }: NewsOptions): News {
  const told = new Map<string, ReadonlySet<string>>(before)
  const pass = (news: EventNews): boolean => {
    const { dropped } = recorder.figures()
    recorder.record(news)
    return recorder.figures().dropped === dropped
  }
  return {
    tell: (namespace, problems, uidOf) => {
      const known = told.get(namespace)
      const current = new Map(
        problems
          .flatMap(problem => readNews(problem, uidOf))
          .filter(news => namespaceOf(news) === namespace)
          .map(news => [writeKey(news), news]),
      )
      const passed = [...current].filter(([key, news]) => known?.has(key) || pass(news))
      if (passed.length === 0) told.delete(namespace)
      else told.set(namespace, new Set(passed.map(([key]) => key)))
      return current.size - passed.length
    },
  }
}

/** Objects that users make, and where they are served. */
const apiVersions: Readonly<Record<string, string>> = {
  AppTier: 'tierwall.dev/v1alpha1',
  DaemonSet: 'apps/v1',
  Deployment: 'apps/v1',
  Namespace: 'v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  StatefulSet: 'apps/v1',
}

function readNews(problem: Problem, uidOf: UidOf): EventNews[] {
  const { source, severity, code } = problem
  if (source.said !== 'object' || severity === 'info') return []
  const { kind, namespace, name } = source.object
  const apiVersion = Object.hasOwn(apiVersions, kind) ? apiVersions[kind] : undefined
  const uid = uidOf(source.object)
  if (apiVersion === undefined || uid === undefined) return []
  return [
    {
      regarding: { apiVersion, kind, ...(namespace === '' ? {} : { namespace }), name, uid },
      type: 'Warning',
      reason: writeReason(code),
      action: 'Reconcile',
      // Cut here already: what is read back after a restart has to be the same text.
      note: cutNote(writeSentence(problem)),
    },
  ]
}
