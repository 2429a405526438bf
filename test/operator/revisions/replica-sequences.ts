/** Sequences in which one of two replicas leads, until it dies or stands still in the midst of its writes. */
import type { Burst, Edit, Fall, Said, Sequence } from './edits.ts'

const slot = (workload: number, space = 0) => ({ space, workload })
const workloads = [0, 1, 2, 3, 4].map(workload => slot(workload))
const sayAll = (words: (index: number) => Said): readonly Edit[] => {
  return workloads.map((at, index): Edit => ({ is: 'say', slot: at, said: words(index) }))
}
const burst = (falls: Fall | undefined, edits: readonly Edit[], pause = 0): Burst => {
  return { edits: edits.map(edit => ({ edit, pause })), falls, settles: true }
}
/** Each lets the next in, and all move on to other ports together. */
const ring = (port: number, by: number) =>
  sayAll(index => ({ tier: `t${index}`, ports: `${port}`, 'allow-from': `t${(index + by) % 5}`, 'allow-to': 'none' }))
const isolate = (mode: string): Edit => ({ is: 'isolate', space: 0, mode })

function fallingLeader(how: Fall['how']): Sequence {
  return {
    start: ring(80, 1),
    bursts: [
      burst({ after: 1, how }, [...ring(81, 1), ...ring(81, 2)]),
      burst({ after: 3, how }, [isolate('off'), ...ring(82, 3), isolate('enforce'), ...ring(80, 3)], 20),
    ],
  }
}

export const replicaSequences: Readonly<Record<string, Sequence>> = {
  'the leader dies and the other goes on': fallingLeader('dies'),
  'the leader stands still past its Lease and wakes while the other leads': fallingLeader('freezes'),
}
