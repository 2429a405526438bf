/** What the demo plays on: a control plane with Tierwall installed, kubectl, and the operator beside it. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Binaries, findBinaries, findKubectl } from '../src/controlplane/binaries.ts'
import { type ControlPlane, startControlPlane } from '../src/controlplane/index.ts'
import { keepProcesses } from '../src/controlplane/processes.ts'
import { type Follower, followShop } from './follow.ts'
import { createKubectl, type Kubectl } from './kubectl.ts'
import { startOperator } from './operator.ts'
import type { Screen } from './screen.ts'
import { orAborted, type Patience } from './wait.ts'

export interface Stage {
  readonly screen: Screen
  readonly plane: ControlPlane
  readonly kubectl: Kubectl
  readonly kubectlFile: string
  readonly follower: Follower
  /** Gone with the demo. */
  readonly folder: string
  readonly patience: Patience
}

export interface StageOptions {
  readonly screen: Screen
  /** What Node runs as the operator. */
  readonly operator: readonly string[]
  readonly patience: Patience
  /** Some part has ended that nobody ended. */
  readonly onBroken: (because: unknown) => void
  /** What is to be done when the demo is over; what was told last is done first. */
  readonly onEnd: (close: () => Promise<void>) => void
}

export const root = join(import.meta.dirname, '..')

export async function setStage({ screen, operator, patience, onBroken, onEnd }: StageOptions): Promise<Stage> {
  const { signal } = patience
  const { binaries, kubectlFile } = await findPrograms(screen, signal)
  const plane = await screen.during('a control plane: etcd, kube-apiserver, kube-controller-manager', () =>
    startPlane(binaries, onBroken),
  )
  onEnd(plane.stop)
  const folder = await mkdtemp(join(tmpdir(), 'tierwall-demo-'))
  const processes = keepProcesses(folder)
  onEnd(processes.stop)
  processes.signal.addEventListener('abort', () => onBroken(processes.signal.reason))
  signal.throwIfAborted()

  const kubeconfig = plane.access.kubeconfigFile
  // Not the person's own home, where kubectl would leave what it learns about this cluster.
  const env = { PATH: '/usr/bin:/bin', HOME: folder, KUBECONFIG: kubeconfig }
  const kubectl = createKubectl(kubectlFile, { cwd: root, env, signal })
  await screen.during('$ kubectl apply -k demo/installation', () => kubectl.need(['apply', '-k', 'demo/installation']))
  screen.say('config/default, with 0 replicas: there is no node here that could run them.', 'faint')
  await screen.during('$ tierwall run, as the ServiceAccount tierwall-operator', () =>
    startOperator({ plane, processes, folder, program: operator, patience }),
  )
  const follower = await followShop(kubeconfig, screen)
  onEnd(follower.stop)
  return { screen, plane, kubectl, kubectlFile, follower, folder, patience }
}

async function findPrograms(
  { say }: Screen,
  signal: AbortSignal,
): Promise<{ readonly binaries: Binaries; readonly kubectlFile: string }> {
  const tell = (line: string) => say(line, 'faint')
  const found = await orAborted(findBinaries(tell), signal)
  if ('missing' in found) throw new Error(found.missing)
  const kubectl = await orAborted(findKubectl(tell), signal)
  if ('missing' in kubectl) throw new Error(kubectl.missing)
  return { binaries: found.binaries, kubectlFile: kubectl.kubectl }
}

/** Once it has started, a control plane tells nothing but that a part of it has ended. */
async function startPlane(binaries: Binaries, onBroken: (because: unknown) => void): Promise<ControlPlane> {
  let isStarted = false
  const plane = await startControlPlane({ binaries, tell: line => isStarted && onBroken(line) })
  isStarted = true
  return plane
}
