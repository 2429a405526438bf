/** One lab for all that runs, whatever file it is in: the machines outside are there once. */
import type { PacketCluster } from '../fixture/index.ts'
import { randomProbes } from '../random/slots.ts'
import { type Lab, openLab } from './lab.ts'
import { portsOfCase, uniqueProbes } from './ports.ts'
import { listCases, readCase } from './read-case.ts'

export const allCases = listCases().map(readCase)

let opened: Promise<Lab> | undefined

export function labOfAll(cluster: PacketCluster): Promise<Lab> {
  opened ??= openLab(cluster, uniqueProbes([...allCases.flatMap(portsOfCase), ...randomProbes]))
  return opened
}
