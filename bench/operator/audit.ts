/** How many requests a contestant sent, by the API server's own log; watches and the Lease apart. */
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlPlane } from '../../src/controlplane/index.ts'

export async function countRequests({ access }: ControlPlane, contestant: string): Promise<number> {
  // It is written a moment after the answer.
  await sleep(300)
  const lines = (await readFile(access.auditLog ?? '', 'utf8')).split('\n')
  const agent = contestant === 'tierwall' ? '"userAgent":"tierwall/' : '"userAgent":"bare-loop"'
  return lines.filter(
    line =>
      line.includes(agent) &&
      line.includes('"stage":"ResponseComplete"') &&
      !/"verb":"watch"|"resource":"leases"/.test(line),
  ).length
}
