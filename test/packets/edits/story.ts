/** What people do to a shop while its customers keep coming, and who may reach whom after each edit. */
import type { Cluster } from '../../operator/cluster.ts'
import { namespace, workload } from '../../operator/objects.ts'

export interface Shop {
  readonly cluster: Cluster
  readonly operator: Operators
  readonly uninstall: () => Promise<void>
}

export interface Operators {
  /** With SIGKILL, and another one started: done when that one is at work. */
  readonly kill: () => Promise<void>
  /** A new one is started, then the old one told to go: done when the new one is at work. */
  readonly upgrade: () => Promise<void>
  readonly stop: () => Promise<void>
}

export interface Step {
  readonly name: string
  readonly edit: (shop: Shop) => Promise<void>
  /** From then on; of what the stranger and the outside do among themselves see `elsewhere`. */
  readonly open: readonly string[]
}

export const shop = 'shop'
export const elsewhere = 'elsewhere'

/** The stranger lives in a namespace that Tierwall knows nothing of. */
export const beyond = ['stranger -> outside:80', 'outside -> stranger:8080']
/** web's port 80 for those who are in no tier of the shop. */
const front = ['stranger -> web:80', 'outside -> web:80']
const threeTiers = [...beyond, ...front, 'web -> api:5000', 'api -> db:3306']
const withJobs = [...threeTiers, 'api -> jobs:9090', 'jobs -> db:3306']

const say = async (cluster: Cluster, name: string, annotations: Readonly<Record<string, string>>) =>
  cluster.apply(workload(shop, name, annotations))
const isolate = async (cluster: Cluster, isolation?: string) =>
  cluster.apply(namespace(shop, isolation === undefined ? {} : { isolation }))

export function makeSteps(everything: readonly string[]): readonly Step[] {
  return [
    {
      name: 'three tiers are declared, in audit',
      edit: async ({ cluster }) => {
        await isolate(cluster, 'audit')
        await cluster.apply(...['web', 'api', 'db'].map(name => workload(shop, name, { tier: name })))
      },
      open: everything,
    },
    { name: 'isolation is enforced', edit: async ({ cluster }) => isolate(cluster), open: threeTiers },
    {
      name: 'a tier is added',
      edit: async ({ cluster }) => {
        await say(cluster, 'db', { tier: 'db', 'allow-from': 'api, jobs' })
        await say(cluster, 'jobs', { tier: 'jobs', ports: '9090', 'allow-from': 'api' })
      },
      open: withJobs,
    },
    {
      name: 'a tier is renamed',
      edit: async ({ cluster }) => {
        await say(cluster, 'db', { tier: 'db', 'allow-from': 'api, backend, jobs' })
        await say(cluster, 'jobs', { tier: 'jobs', ports: '9090', 'allow-from': 'api, backend' })
        await say(cluster, 'api', { tier: 'backend', ports: '5000', 'allow-from': 'web' })
        await say(cluster, 'db', { tier: 'db', 'allow-from': 'backend, jobs' })
        await say(cluster, 'jobs', { tier: 'jobs', ports: '9090', 'allow-from': 'backend' })
      },
      open: withJobs,
    },
    { name: 'isolation is audited', edit: async ({ cluster }) => isolate(cluster, 'audit'), open: everything },
    { name: 'isolation is off', edit: async ({ cluster }) => isolate(cluster, 'off'), open: everything },
    { name: 'isolation is enforced again', edit: async ({ cluster }) => isolate(cluster), open: withJobs },
    {
      name: 'the operator is killed right after an edit',
      edit: async ({ cluster, operator }) => {
        await say(cluster, 'db', { tier: 'db', 'allow-from': 'backend' })
        await operator.kill()
      },
      open: withJobs.filter(flow => flow !== 'jobs -> db:3306'),
    },
    {
      name: 'the operator is killed, and nothing edited',
      edit: async ({ operator }) => operator.kill(),
      open: withJobs.filter(flow => flow !== 'jobs -> db:3306'),
    },
    {
      name: 'the operator is upgraded while somebody edits',
      edit: async ({ cluster, operator }) => {
        const upgraded = operator.upgrade()
        await say(cluster, 'db', { tier: 'db', 'allow-from': 'backend, jobs' })
        await upgraded
      },
      open: withJobs,
    },
    {
      name: 'a tier is removed',
      edit: async ({ cluster }) => say(cluster, 'jobs', {}),
      open: threeTiers,
    },
    {
      name: 'Tierwall is uninstalled',
      edit: async ({ operator, uninstall }) => {
        await operator.stop()
        await uninstall()
      },
      open: everything,
    },
  ]
}
