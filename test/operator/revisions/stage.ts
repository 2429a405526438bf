/** A control plane with two replicas of the operator and an admin, on which sequences of edits are played one after the other. */
import { expect } from 'vitest'
import { makeCustomResourceDefinition } from '../../../src/api/crd.ts'
import type { ControlPlane } from '../../../src/controlplane/index.ts'
import { makeAdmin } from './admin.ts'
import type { Sequence } from './edits.ts'
import { Operators } from './operators.ts'
import { prove } from './proof.ts'
import { writeUnsettled, writeViolations } from './report.ts'

export type StartPlane = (options: { readonly customResources: readonly unknown[] }) => Promise<ControlPlane>

/** By what is told of each where it fails. */
export async function expectProofs(
  startPlane: StartPlane,
  sequences: Iterable<readonly [string, Sequence]>,
): Promise<void> {
  const plane = await startPlane({ customResources: [makeCustomResourceDefinition()] })
  const admin = makeAdmin(plane)
  const operators = new Operators(plane.access.kubeconfigFile, { flags: ['--config', admin.path], replicas: 2 })
  try {
    let run = 0
    for (const [told, sequence] of sequences) {
      const { violations, unsettled, writes } = await prove(plane, { operators, admin }, sequence, `run-${run++}`)
      expect(writeViolations(violations), told).toBe('')
      const late = unsettled.map(({ burst, moment }) => `after burst ${burst}, ${writeUnsettled(moment)}`)
      const last = operators.log.map(line => JSON.stringify(line))
      expect(late, `${told}: not settled, after\n${last.join('\n')}`).toEqual([])
      expect(writes, told).toBeGreaterThan(4)
    }
  } finally {
    await operators.stop()
    admin.clear()
  }
}

/** Milliseconds: far more than it takes on a machine that does nothing else. */
export function patienceFor(sequences: number): number {
  return 60_000 + sequences * 120_000
}
