/** A Pod as it comes from the API server → how far it is, and what it will not get past. */
import { z } from 'zod'
import { orEmptyList, orEmptyMap } from '../../api/absent.ts'
import { type Unknown, unknown } from './probed.ts'

const waiting = z.object({ reason: z.string().default(''), message: z.string().default('') })
const ended = z.object({ exitCode: z.number(), reason: z.string().default(''), message: z.string().default('') })
const state = z.object({ waiting: waiting.optional(), running: z.unknown().optional(), terminated: ended.optional() })
const container = z.object({ name: z.string(), state: orEmptyMap(state) })
const condition = z.object({ type: z.string(), status: z.string(), message: z.string().default('') })

const pod = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ nodeName: z.string().optional() }),
  status: z.object({
    phase: z.string().default('Pending'),
    reason: z.string().default(''),
    message: z.string().default(''),
    podIP: z.string().optional(),
    conditions: orEmptyList(condition),
    initContainerStatuses: orEmptyList(container),
    containerStatuses: orEmptyList(container),
  }),
})

export interface PodState {
  readonly name: string
  readonly node: string | undefined
  readonly address: string | undefined
  readonly phase: string
  /** Why the whole pod was ended, as `Evicted`. */
  readonly reason: string
  readonly message: string
  /** Why no node takes it. */
  readonly unscheduled: string | undefined
  readonly containers: readonly ContainerState[]
}

export interface ContainerState {
  readonly name: string
  readonly running: boolean
  readonly waiting: { readonly reason: string; readonly message: string } | undefined
  readonly ended: { readonly exitCode: number; readonly reason: string; readonly message: string } | undefined
}

export function readPod(json: unknown): PodState | undefined {
  const read = pod.safeParse(json)
  if (!read.success) return undefined
  const { metadata, spec, status } = read.data
  const unscheduled = status.conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False')
  return {
    name: metadata.name,
    node: spec.nodeName,
    address: status.podIP,
    phase: status.phase,
    reason: status.reason,
    message: status.message,
    unscheduled: unscheduled?.message,
    containers: [...status.initContainerStatuses, ...status.containerStatuses].map(({ name, state }) => ({
      name,
      running: state.running !== undefined,
      waiting: state.waiting,
      ended: state.terminated,
    })),
  }
}

const byImage = 'name one that your nodes can pull with --probe-image: agnhost from a mirror of yours'
const byCluster = 'look at what its node says of it, and try again'

/** What kubelets say when trying again will not help, and once more after they tried again. */
const deadEnds: Readonly<Record<string, string>> = {
  ImagePullBackOff: byImage,
  InvalidImageName: byImage,
  ErrImageNeverPull: byImage,
  ImageInspectError: byImage,
  CreateContainerConfigError: byCluster,
  CreateContainerError: byCluster,
  RunContainerError: byCluster,
}

export function findDeadEnd({ name, phase, reason, message, containers }: PodState): Unknown | undefined {
  if (phase === 'Failed' && reason !== '')
    return unknown(`pod ${name} was ended: ${writeBoth(reason, message)}`, byCluster)
  for (const { waiting } of containers) {
    const fix = waiting && Object.hasOwn(deadEnds, waiting.reason) ? deadEnds[waiting.reason] : undefined
    if (waiting && fix !== undefined)
      return unknown(`pod ${name} does not start: ${writeBoth(waiting.reason, waiting.message)}`, fix)
  }
  return undefined
}

/** Why it is not further, as far as the pod itself tells. */
export function describeWait({ unscheduled, containers }: PodState): string | undefined {
  if (unscheduled !== undefined) return `no node takes it${unscheduled === '' ? '' : `: ${unscheduled}`}`
  const waiting = containers.find(({ waiting }) => waiting !== undefined && !isOrdinary(waiting.reason))?.waiting
  return waiting && writeBoth(waiting.reason, waiting.message)
}

/** Every container waits like this at first. */
function isOrdinary(reason: string): boolean {
  return reason === 'ContainerCreating' || reason === 'PodInitializing' || reason === ''
}

export function writeBoth(reason: string, message: string): string {
  return [reason, message].filter(text => text !== '').join(': ')
}
