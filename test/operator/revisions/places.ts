/** The workloads that random edits are about: where each is, and what its pods look like. */
import type { Said, Slot } from './edits.ts'
import type { At } from './hands.ts'

export interface Place extends At {
  readonly namespace: string
  readonly labels: Readonly<Record<'app' | 'group' | 'role', string>>
}

const names = ['a', 'b', 'c', 'd', 'e']
const kinds = ['Deployment', 'Deployment', 'Deployment', 'StatefulSet', 'DaemonSet']

/** Each pod has a label of its own and two that it shares with others. */
export function placeOf({ space, workload }: Slot, spaces: readonly string[]): Place {
  const name = names[workload] ?? ''
  return {
    kind: kinds[workload] ?? '',
    namespace: spaces[space] ?? '',
    name,
    labels: { app: name, group: workload < 2 ? 'x' : 'y', role: workload % 2 === 0 ? 'r' : 's' },
  }
}

/** Selected by its own label alone, by two, or by one that it shares: then its pods are another workload's as well. */
export function makeWorkload({ kind, namespace, name, labels }: Place, said: Said, shape: number): object {
  const { app, group } = labels
  const matchLabels = [{ app }, { app, group }, { group }][shape] ?? { app }
  const annotations = Object.fromEntries(Object.entries(said).map(([key, text]) => [`tierwall.dev/${key}`, text]))
  const container = { name: 'main', image: 'example.com/none:1', ports: [{ name: 'http', containerPort: 80 }] }
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, annotations },
    spec: {
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      // Nobody runs them, and policies are about what their pods would be.
      ...(kind === 'DaemonSet' ? {} : { replicas: 0 }),
      selector: { matchLabels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  }
}
