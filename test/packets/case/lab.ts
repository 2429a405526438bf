/** The packet cluster as cases use it: who is there in every case, and the policies and labels that stand in the API. */
import { z } from 'zod'
import { type NetworkPolicy, readerOf } from '../../../src/api/kubernetes.ts'
import { readList } from '../../controlplane/read.ts'
import { type Cluster, connectCluster } from '../../operator/cluster.ts'
import type { Probe } from '../../properties/oracle.ts'
import type { ContainerPort } from '../../properties/shapes.ts'
import type { PacketCluster } from '../fixture/index.ts'
import { nodeAddress } from '../fixture/network.ts'
import { lookUp } from '../fixture/program/dns.ts'
import type { Party } from '../flows/party.ts'
import { makeScene, type Scene } from '../flows/scene.ts'
import { type AlwaysThere, outsideAddresses, partiesAlwaysThere, stranger } from './always.ts'

export interface Lab {
  readonly cluster: PacketCluster
  readonly api: Cluster
  readonly always: readonly Party[]
  /** The policies and the namespaces' labels as they stand there now. */
  readonly readScene: () => Promise<Scene>
}

/** `probes`: all that anybody will try of those who are always there. */
export async function openLab(cluster: PacketCluster, probes: readonly Probe[]): Promise<Lab> {
  const api = connectCluster(cluster.plane)
  const [host, ...outside] = await Promise.all([
    cluster.addPod({ ...stranger, ports: probes }),
    ...outsideAddresses.map(async address => ({ address, host: await cluster.outside(address, probes) })),
  ])
  const server = cluster.dns.host.address
  const answers: AlwaysThere['answers'] = async (asker, protocol) => {
    const isNode = asker.address === nodeAddress
    const asked = isNode ? lookUp(server, nobody, protocol) : cluster.lookup(asker, nobody, protocol, server)
    return (await asked).verdict
  }
  return {
    cluster,
    api,
    always: partiesAlwaysThere({ stranger: host, dns: cluster.dns.host, answers, outside }),
    async readScene() {
      const [policies, namespaces, pods] = await Promise.all([
        listItems(api, '/apis/networking.k8s.io/v1/networkpolicies'),
        listItems(api, '/api/v1/namespaces'),
        listItems(api, '/api/v1/pods'),
      ])
      const labels = new Map(namespaces.map(item => labelled.parse(item).metadata).map(one => [one.name, one.labels]))
      return makeScene(policies.map(readPolicy), namespace => labels.get(namespace) ?? {}, pods.flatMap(portsOfPod))
    },
  }
}

/** A name that does not exist is answered like any other. */
const nobody = 'nobody.elsewhere.svc.cluster.local'

const labelled = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
})

const listItems = ({ client }: Cluster, path: string) => readList(client, path, z.looseObject({}))

function readPolicy(json: object): NetworkPolicy {
  const [apiVersion, kind] = ['networking.k8s.io/v1', 'NetworkPolicy']
  const read = readerOf(apiVersion, kind)?.({ ...json, apiVersion, kind })
  if (read?.data?.is !== 'networkPolicy') throw new Error(`no NetworkPolicy: ${read?.error?.message}`)
  return read.data.object
}

const podShape = z.object({
  spec: z.object({
    containers: z.array(
      z.object({
        ports: z
          .array(
            z.object({
              name: z.string().default(''),
              containerPort: z.number(),
              protocol: z.enum(['TCP', 'UDP', 'SCTP']),
            }),
          )
          .default([]),
      }),
    ),
  }),
  status: z.object({ podIP: z.string().optional() }),
})

/** Of pods that have an address: the CNI knows no others. */
function portsOfPod(json: object): readonly ContainerPort[] {
  const { spec, status } = podShape.parse(json)
  return status.podIP === undefined ? [] : spec.containers.flatMap(({ ports }) => ports)
}
