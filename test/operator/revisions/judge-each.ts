/** Has every revision of every test of a file judged: what users do to policies themselves is to be noted by `hands`. */
import { afterEach, beforeEach, expect } from 'vitest'
import type { Access } from '../../../src/controlplane/client.ts'
import type { ByHand } from './authors.ts'
import { readHistory } from './history.ts'
import { judge } from './judge.ts'
import { type Recorder, startRecorder } from './recorder.ts'
import { writeViolations } from './report.ts'

export interface Watched {
  readonly access: Access
  readonly byHand: ByHand
}

export interface JudgeEach {
  /** Before the namespace is made: what else there is belongs to other tests. */
  readonly include: (namespace: string) => void
}

/** Nothing where there is no control plane. */
export function judgeEachTest(watched: () => Watched | undefined): JudgeEach {
  const namespaces: string[] = []
  let recorder: Recorder | undefined
  beforeEach(async () => {
    namespaces.length = 0
    const { access } = watched() ?? {}
    recorder = access && (await startRecorder(access, { namespaces }))
  })
  afterEach(async () => {
    const recording = await recorder?.stop()
    recorder = undefined
    if (!recording) return
    const { violations } = judge(readHistory(recording, watched()?.byHand))
    expect(writeViolations(violations), 'every write of Tierwall, judged').toBe('')
  })
  return { include: namespace => void namespaces.push(namespace) }
}
