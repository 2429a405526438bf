/** Once through everything that the operator does for people, and what it did then; the API server heard all of it. */
import { expect } from 'vitest'
import { z } from 'zod'
import { read } from '../controlplane/read.ts'
import { eventually, type Policy, staysTrue } from './cluster.ts'
import { readEvents } from './events.ts'
import { appTier, namespace, networkPolicy, workload } from './objects.ts'
import type { OperatorProcess } from './operator.ts'
import type { Installation } from './rights-installation.ts'

/** In a namespace that is there and holds nothing yet. */
export async function takeTour(installation: Installation, space: string, flags: readonly string[]): Promise<void> {
  const tour = describeTour(installation, space)
  // Somebody else's, under one of our names: told of on the Namespace, whose Events are kept elsewhere.
  await tour.cluster.apply(networkPolicy(space, 'tierwall-default-deny', { podSelector: {}, policyTypes: ['Egress'] }))
  const first = await installation.run([...quick, ...flags])
  await livingWith(first, async () => {
    await tour.policiesComeChangeAndGo()
    await tour.isolationIsTakenAwayAndGivenBack()
    await tour.statusesSayWhatIsWrong()
  })
  const told = await tour.whatWasTold()
  await tour.leaseIsGivenBack()
  await tour.somebodyTakesOver('tierwall-web')
  // Lists are streamed as watches wherever the server does that, and asked for elsewhere: so once each way.
  await installation.plane.killServer()
  await installation.plane.startServer(['--feature-gates=WatchList=false'])
  const second = await installation.run([...quick, ...flags, '--adopt'])
  await livingWith(second, async () => {
    await tour.isAdopted('tierwall-web')
    await staysTrue(async () => expect(await tour.events()).toEqual(told), 1_500)
    await tour.whatIsMendedIsWritten()
  })
  await tour.leaseIsGivenBack()
}

/** What was deleted is not waited for any longer than it must. */
const quick = ['--removal-delay', '0.3']

/** Also where it fails, nothing goes on running. */
async function livingWith(operator: OperatorProcess, live: () => Promise<void>): Promise<void> {
  try {
    await live()
    expect(await operator.stop('SIGTERM')).toBe(0)
  } finally {
    await operator.stop('SIGKILL')
  }
}

const lease = z.object({ spec: z.object({ holderIdentity: z.string().optional() }) })
const conditions = z.looseObject({
  status: z.looseObject({ conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })) }),
})

function describeTour({ cluster, plane }: Installation, space: string) {
  const findPolicy = async (name: string): Promise<Policy> => {
    const found = (await cluster.policies(space)).find(({ metadata }) => metadata.name === name)
    if (!found) throw new Error(`there is no ${name} in ${space}`)
    return found
  }
  const names = async () => (await cluster.policies(space)).map(({ metadata }) => metadata.name)
  const specText = async (name: string) => JSON.stringify((await findPolicy(name)).spec)
  const isAccepted = async (name: string) =>
    conditions
      .parse(await cluster.get('AppTier', space, name))
      .status.conditions.find(({ type }) => type === 'Accepted')?.status
  /** Each field is right by itself, so that nobody refuses it: but nothing says which ports. */
  const broken = appTier(space, 'cache', { selector: { matchLabels: { app: 'cache' } }, from: [{ tier: 'api' }] })
  const sound = { ...broken, spec: { ...z.looseObject({}).parse(broken.spec), ports: [{ port: 6379 }] } }

  const events = async () => {
    const all = await Promise.all([space, 'default'].map(place => readEvents(plane, place)))
    return all
      .flat()
      .map(({ regarding, reason, series }) => ({ on: `${regarding.kind}/${regarding.name}`, reason, series }))
      .sort((a, b) => (a.on < b.on ? -1 : 1))
  }

  return {
    cluster,
    events,

    async policiesComeChangeAndGo() {
      await cluster.apply(
        workload(space, 'web', { tier: 'web' }),
        workload(space, 'api', { tier: 'api' }, { kind: 'StatefulSet' }),
        workload(space, 'agent', { tier: 'agent', 'allow-to': 'kube-apiserver' }, { kind: 'DaemonSet' }),
        appTier(space, 'db', { selector: { matchLabels: { app: 'db' } } }),
      )
      await eventually(async () =>
        expect(await names()).toEqual(
          expect.arrayContaining(['tierwall-agent.daemonset', 'tierwall-api.statefulset', 'tierwall-db.apptier']),
        ),
      )
      await eventually(async () => expect(await specText('tierwall-agent.daemonset')).toContain('192.0.2.1'))
      await cluster.apply(dnsService)
      await eventually(async () => expect(await specText('tierwall-web')).toContain('5353'))
      await cluster.apply(workload(space, 'web', { tier: 'web', ports: '8443' }))
      await eventually(async () => expect(await specText('tierwall-web')).toContain('8443'))
      await cluster.remove('DaemonSet', space, 'agent')
      await eventually(async () => expect(await names()).not.toContain('tierwall-agent.daemonset'))
      await cluster.remove('AppTier', space, 'db')
      await eventually(async () => expect(await names()).not.toContain('tierwall-db.apptier'))
    },

    /** With it goes the conflict of the Namespace, and comes again: the second time its Event only counts. */
    async isolationIsTakenAwayAndGivenBack() {
      await cluster.apply(namespace(space, { isolation: 'off' }))
      await eventually(async () => expect(await names()).toEqual(['tierwall-default-deny']))
      await cluster.apply(namespace(space))
      await eventually(async () => expect(await names()).toContain('tierwall-allow-dns'))
    },

    /** Broken, mended and broken again. */
    async statusesSayWhatIsWrong() {
      await cluster.apply(broken)
      await eventually(async () => expect(await isAccepted('cache')).toBe('False'))
      await cluster.apply(sound)
      await eventually(async () => expect(await isAccepted('cache')).toBe('True'))
      await cluster.apply(broken)
      await eventually(async () => expect(await isAccepted('cache')).toBe('False'))
    },

    async whatWasTold() {
      const told = await events()
      expect(told).toEqual([
        { on: 'AppTier/cache', reason: 'PortsMissing', series: twice },
        { on: `Namespace/${space}`, reason: 'NameConflict', series: twice },
      ])
      return told
    },

    async leaseIsGivenBack() {
      const path = '/apis/coordination.k8s.io/v1/namespaces/tierwall-system/leases/tierwall-operator'
      const { spec } = await read(plane, path, lease)
      expect(spec.holderIdentity ?? '').toBe('')
    },

    async somebodyTakesOver(name: string) {
      const { spec } = await findPolicy(name)
      await cluster.remove('NetworkPolicy', space, name)
      await cluster.apply(networkPolicy(space, name, spec))
    },

    async isAdopted(name: string) {
      await eventually(async () => {
        const { metadata } = await findPolicy(name)
        expect(metadata.managedFields.map(({ manager }) => manager)).toContain('tierwall')
      })
    },

    async whatIsMendedIsWritten() {
      await cluster.remove('NetworkPolicy', space, 'tierwall-default-deny')
      await cluster.apply(sound)
      await cluster.expectSettled(space)
      expect(await names()).toEqual([
        'tierwall-allow-dns',
        'tierwall-api.statefulset',
        'tierwall-cache.apptier',
        'tierwall-default-deny',
        'tierwall-web',
      ])
    },
  }
}

const twice = expect.objectContaining({ count: 2 })

const dnsService = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  spec: {
    selector: { 'k8s-app': 'core' },
    ports: ['UDP', 'TCP'].map(protocol => ({ name: protocol.toLowerCase(), port: 53, protocol, targetPort: 5353 })),
  },
}
