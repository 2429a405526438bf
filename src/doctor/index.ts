/** A connection in, a diagnosis out: what this cluster is like for Tierwall, looked at first and judged after. */
export { diagnose } from './diagnose.ts'
export type { Configured, Facts } from './facts.ts'
export type { Finding, Verdict } from './finding.ts'
export { gatherFacts } from './gather.ts'
export { type Probed, type ProbeQuestion, probe, usualImage } from './probe/index.ts'
export { lookForRemains } from './remains.ts'
export { countVerdicts, diagnosisAsJson, diagnosisAsText } from './write.ts'
