/** Wire JSON → facts. What cannot be read is nothing. */
import { z } from 'zod'
import { orEmptyList, orEmptyMap, textMap } from '../api/absent.ts'
import type { Agent, Container, Definition, Lease, Node, Settings } from './facts.ts'

const container = z.object({
  name: z.string(),
  image: z.string().default(''),
  command: orEmptyList(z.string()),
  args: orEmptyList(z.string()),
  env: orEmptyList(z.object({ name: z.string(), value: z.string().optional() })),
})

const daemonSet = z.object({
  metadata: z.object({ namespace: z.string(), name: z.string() }),
  spec: z.object({ template: z.object({ spec: z.object({ containers: orEmptyList(container) }) }) }),
  status: z
    .object({
      observedGeneration: z.number().optional(),
      desiredNumberScheduled: z.number().optional(),
      numberReady: z.number().optional(),
    })
    .optional(),
})

export function readAgent(json: unknown): Agent | undefined {
  const read = daemonSet.safeParse(json)
  if (!read.success) return undefined
  const { metadata, spec, status } = read.data
  const isSeen = status?.observedGeneration !== undefined
  return {
    ...metadata,
    containers: spec.template.spec.containers.map(readContainer),
    wanted: isSeen ? status.desiredNumberScheduled : undefined,
    ready: isSeen ? status.numberReady : undefined,
  }
}

function readContainer({ name, image, command, args, env }: z.infer<typeof container>): Container {
  const values = env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]))
  return { name, image, words: [...command, ...args], env: Object.fromEntries(values) }
}

const node = z.object({
  metadata: z.object({ name: z.string(), labels: textMap, annotations: textMap }),
  spec: z.object({ podCIDRs: orEmptyList(z.string()) }).optional(),
  status: z
    .object({
      addresses: orEmptyList(z.object({ type: z.string(), address: z.string() })),
      nodeInfo: z.object({ kubeletVersion: z.string() }).optional(),
    })
    .optional(),
})

export function readNode(json: unknown): Node | undefined {
  const read = node.safeParse(json)
  if (!read.success) return undefined
  const { metadata, spec, status } = read.data
  return {
    ...metadata,
    podRanges: spec?.podCIDRs ?? [],
    version: status?.nodeInfo?.kubeletVersion ?? '',
    addresses: (status?.addresses ?? []).filter(({ type }) => type !== 'Hostname').map(({ address }) => address),
  }
}

export function readNodes(json: unknown): readonly Node[] | undefined {
  return z
    .object({ items: orEmptyList(z.unknown()) })
    .safeParse(json)
    .data?.items.flatMap(item => readNode(item) ?? [])
}

export function readSettings(json: unknown): Settings | undefined {
  return z.object({ data: textMap }).safeParse(json).data?.data
}

const definition = z.object({
  spec: z.unknown(),
  status: z.object({ conditions: orEmptyList(z.object({ type: z.string(), status: z.string() })) }).optional(),
})

export function readDefinition(json: unknown): Definition | undefined {
  const read = definition.safeParse(json)
  if (!read.success) return undefined
  const { spec, status } = read.data
  const conditions = status?.conditions ?? []
  return { spec, established: conditions.some(({ type, status }) => type === 'Established' && status === 'True') }
}

const lease = z.object({
  spec: orEmptyMap(
    z.object({
      holderIdentity: z.string().nullish(),
      renewTime: z.string().nullish(),
      leaseDurationSeconds: z.number().nullish(),
    }),
  ),
})

export function readLease(json: unknown): Lease | undefined {
  const read = lease.safeParse(json)
  if (!read.success) return undefined
  const { holderIdentity, renewTime, leaseDurationSeconds } = read.data.spec
  const renewed = Date.parse(renewTime ?? '')
  return {
    holder: holderIdentity ?? '',
    renewed: Number.isNaN(renewed) ? undefined : renewed,
    lasts: (leaseDurationSeconds ?? 0) * 1_000,
  }
}

/** The items of a list are told apart by it. */
export function readType(json: unknown): {
  readonly apiVersion?: string | undefined
  readonly kind?: string | undefined
} {
  return z.object({ apiVersion: z.string().optional(), kind: z.string().optional() }).safeParse(json).data ?? {}
}

export const readVersionReply = (json: unknown) => z.object({ gitVersion: z.string() }).safeParse(json).data?.gitVersion

const names = z.object({ items: orEmptyList(z.object({ metadata: z.object({ name: z.string() }) })) })

export function readNames(json: unknown): readonly string[] | undefined {
  return names.safeParse(json).data?.items.map(({ metadata }) => metadata.name)
}

export function readGroups(json: unknown): readonly string[] | undefined {
  const read = z.object({ groups: orEmptyList(z.object({ name: z.string() })) }).safeParse(json)
  return read.data?.groups.map(({ name }) => name)
}

export function readPlurals(json: unknown): readonly string[] | undefined {
  const read = z.object({ resources: orEmptyList(z.object({ name: z.string() })) }).safeParse(json)
  return read.data?.resources.map(({ name }) => name)
}

const bindings = z.object({ items: orEmptyList(z.object({ spec: z.object({ policyName: z.string() }) })) })

export function readBound(json: unknown): readonly string[] | undefined {
  return bindings.safeParse(json).data?.items.map(({ spec }) => spec.policyName)
}

export function readAllowed(json: unknown): boolean | undefined {
  return z.object({ status: z.object({ allowed: z.boolean() }) }).safeParse(json).data?.status.allowed
}
