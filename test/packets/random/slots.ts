/** The pods that random applications are played with: made once, in three namespaces side by side, and given other labels for each. */

import type { Probe } from '../../properties/oracle.ts'
import type { ContainerPort, Labels, Protocol } from '../../properties/shapes.ts'
import { nobodysPort } from '../case/ports.ts'

export const lanes = 4

export const namespacesOf = (lane: number): readonly string[] => [`shop-${lane}`, `data-${lane}`, `front-${lane}`]

/** By the place of the namespace. Always the same: an agent may miss one of two changes that come together to a pod's labels. */
export const namespaceLabels: readonly Labels[] = [{}, {}, { project: 'frontend' }]

export interface Slot {
  readonly name: string
  /** A pod's ports never change, so that they are the slot's. */
  readonly ports: readonly ContainerPort[]
}

const ofOneTemplate: Slot['ports'] = [
  { name: 'http', containerPort: 8080, protocol: 'TCP' },
  { name: 'talk', containerPort: 5353, protocol: 'UDP' },
]

/** The first two may be pods of one workload, and so of one template. */
export const slots: readonly Slot[] = [
  { name: 'a', ports: ofOneTemplate },
  { name: 'b', ports: ofOneTemplate },
  {
    name: 'c',
    ports: [
      { name: 'http', containerPort: 80, protocol: 'TCP' },
      { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
    ],
  },
]

const on = (protocol: Protocol, ...ports: readonly number[]) => ports.map((port): Probe => ({ port, protocol }))

/** Every port that random applications name, and nobody's. */
export const randomProbes: readonly Probe[] = [
  ...on('TCP', 53, 80, 3306, 5000, 8000, 8001, 8080, 9090),
  nobodysPort,
  ...on('UDP', 53, 5353, 8080),
]
