/** What a stand-in for the kubelet leaves to others: where a pod runs, by which programs, and what connects it. */
import type { Container, Pod } from './pod.ts'

export interface Host {
  /** A node's name, or why there is room on none. */
  readonly place: (pod: Pod) => string | { readonly full: string }
  /** A folder in front of the PATH that the container gives, with the program `agnhost` in it. */
  readonly bin: string
  /** What fails is told as an Event, and tried again. */
  readonly join: (pod: Pod) => Promise<Network>
  /** What becomes of a pod instead of being run. */
  readonly status?: ((pod: Pod) => object | undefined) | undefined
  /** Before anybody can know that this container has ended. */
  readonly ended?: (pod: Pod, container: Container) => Promise<void>
}

export interface Network {
  readonly address: string
  /** The command that runs this one in it. */
  readonly enter: (command: readonly string[]) => readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** After its last process. */
  readonly leave: () => Promise<void>
}
