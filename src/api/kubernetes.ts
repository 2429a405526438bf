/** The Kubernetes shapes in use: wire JSON in, checked and cut down to the fields that Tierwall reads. */
import { z } from 'zod'
import { orAbsent, orEmptyList, orEmptyMap } from './absent.ts'
import { isLabelKey, isWritten, labelValue, namespaceName, objectName } from './formats.ts'

/** Own keys only, `__proto__` among them: a key that is dropped would make a selector wider. */
const stringMap = (checkKey: (key: string) => boolean, checkValue: (value: string) => boolean, what: string) =>
  z.unknown().transform((value, context): Readonly<Record<string, string>> => {
    if (value === null || value === undefined) return {}
    if (typeof value !== 'object' || Array.isArray(value)) {
      context.addIssue({ code: 'custom', message: `expected a map of ${what}s` })
      return z.NEVER
    }
    for (const [key, text] of Object.entries(value)) {
      if (typeof text !== 'string')
        context.addIssue({
          code: 'custom',
          path: [key],
          message: `expected text, found ${JSON.stringify(text)}: put it in quotes`,
        })
      else if (!checkKey(key)) context.addIssue({ code: 'custom', path: [key], message: `'${key}' is no ${what} key` })
      else if (!checkValue(text))
        context.addIssue({ code: 'custom', path: [key], message: `'${text}' is no ${what} value` })
    }
    return value as Record<string, string>
  })

export const labelMap = stringMap(isLabelKey, text => isWritten(text, labelValue), 'label')
const annotationMap = stringMap(
  () => true,
  () => true,
  'annotation',
)
export type Labels = z.infer<typeof labelMap>

export const selectorRequirement = z
  .object({
    key: z.string().refine(isLabelKey, 'is no label key'),
    operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
    values: orEmptyList(z.string().refine(text => isWritten(text, labelValue), 'is no label value')),
  })
  .refine(({ operator, values }) => (operator === 'In' || operator === 'NotIn') === values.length > 0, {
    message: 'In and NotIn need values, Exists and DoesNotExist take none',
    path: ['values'],
  })

export const labelSelector = z.object({
  matchLabels: labelMap.optional(),
  matchExpressions: orAbsent(z.array(selectorRequirement)),
})
export type LabelSelector = z.infer<typeof labelSelector>

export const protocol = z.enum(['TCP', 'UDP', 'SCTP'])
export type Protocol = z.infer<typeof protocol>

const metadata = z.object({
  name: z.string().refine(name => isWritten(name, objectName), `expected ${objectName.means}`),
  namespace: orAbsent(z.string().refine(name => isWritten(name, namespaceName), `expected ${namespaceName.means}`)),
  labels: orEmptyMap(labelMap),
  annotations: orEmptyMap(annotationMap),
  creationTimestamp: orAbsent(z.string()),
  ownerReferences: orEmptyList(z.object({ kind: z.string(), name: z.string() })),
})
export type Metadata = z.infer<typeof metadata>

const containerPort = z.object({
  name: orAbsent(z.string()),
  containerPort: z.number().int().min(1).max(65535),
  protocol: z.preprocess(value => value ?? 'TCP', protocol),
})
export type ContainerPort = z.infer<typeof containerPort>

/** Absent protocols are TCP; the ports of init containers count where they keep running (sidecars). */
const container = z.object({ ports: orEmptyList(containerPort), restartPolicy: orAbsent(z.string()) })

const podSpec = orEmptyMap(
  z.object({
    hostNetwork: z.preprocess(value => value ?? false, z.boolean()),
    containers: orEmptyList(container),
    initContainers: orEmptyList(container),
  }),
)
export type PodSpec = z.infer<typeof podSpec>

const podTemplate = orEmptyMap(
  z.object({
    metadata: orEmptyMap(z.object({ labels: orEmptyMap(labelMap), annotations: orEmptyMap(annotationMap) })),
    spec: podSpec,
  }),
)

const workload = z.object({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']),
  metadata,
  spec: z.object({ selector: orAbsent(labelSelector), template: podTemplate }),
})

const cronJob = z.object({
  kind: z.literal('CronJob'),
  metadata,
  spec: z.object({
    jobTemplate: z.object({ metadata: orAbsent(z.unknown()), spec: z.object({ template: podTemplate }) }),
  }),
})

const pod = z.object({
  kind: z.literal('Pod'),
  metadata,
  spec: podSpec,
  status: orEmptyMap(
    z.object({
      podIP: orAbsent(z.string()),
      podIPs: orEmptyList(z.object({ ip: z.string() })),
      hostIP: orAbsent(z.string()),
      phase: orAbsent(z.string()),
    }),
  ),
})
export type Pod = z.infer<typeof pod>

const namespace = z.object({ kind: z.literal('Namespace'), metadata })
export type Namespace = z.infer<typeof namespace>

const service = z.object({
  kind: z.literal('Service'),
  metadata,
  spec: orEmptyMap(
    z.object({
      selector: orAbsent(labelMap),
      clusterIP: orAbsent(z.string()),
      type: orAbsent(z.string()),
      ports: orEmptyList(
        z.object({
          name: orAbsent(z.string()),
          port: z.number().int().min(1).max(65535),
          targetPort: orAbsent(z.union([z.number().int(), z.string()])),
          protocol: z.preprocess(value => value ?? 'TCP', protocol),
        }),
      ),
    }),
  ),
})
export type Service = z.infer<typeof service>

const endpointSlice = z.object({
  kind: z.literal('EndpointSlice'),
  metadata,
  addressType: orAbsent(z.string()),
  endpoints: orEmptyList(
    z.object({
      addresses: orEmptyList(z.string()),
      conditions: orEmptyMap(z.object({ ready: orAbsent(z.boolean()) })),
    }),
  ),
  ports: orEmptyList(
    z.object({
      name: orAbsent(z.string()),
      port: orAbsent(z.number().int().min(1).max(65535)),
      protocol: z.preprocess(value => value ?? 'TCP', protocol),
    }),
  ),
})
export type EndpointSlice = z.infer<typeof endpointSlice>

const policyPort = z.object({
  protocol: orAbsent(protocol),
  port: orAbsent(z.union([z.number().int(), z.string()])),
  endPort: orAbsent(z.number().int()),
})
export type PolicyPort = z.infer<typeof policyPort>

const policyPeer = z.object({
  podSelector: orAbsent(labelSelector),
  namespaceSelector: orAbsent(labelSelector),
  ipBlock: orAbsent(z.object({ cidr: z.string(), except: orAbsent(z.array(z.string())) })),
})
export type PolicyPeer = z.infer<typeof policyPeer>

/** A null in a list of rules, peers or ports is one without fields. */
const orDefault = <T extends z.ZodType>(item: T) => z.array(z.preprocess(value => value ?? {}, item))

/** In a NetworkPolicy an absent list and an empty one differ, so both stay as they are. */
const networkPolicy = z.object({
  kind: z.literal('NetworkPolicy'),
  metadata,
  spec: orEmptyMap(
    z.object({
      podSelector: orEmptyMap(labelSelector),
      policyTypes: orAbsent(z.array(z.enum(['Ingress', 'Egress']))),
      ingress: orAbsent(
        orDefault(z.object({ from: orAbsent(orDefault(policyPeer)), ports: orAbsent(orDefault(policyPort)) })),
      ),
      egress: orAbsent(
        orDefault(z.object({ to: orAbsent(orDefault(policyPeer)), ports: orAbsent(orDefault(policyPort)) })),
      ),
    }),
  ),
})
export type NetworkPolicy = z.infer<typeof networkPolicy>

const serviceReference = z.object({
  namespace: z.string(),
  name: z.string(),
  port: orAbsent(z.number().int().min(1).max(65535)),
})

const webhookConfiguration = z.object({
  kind: z.enum(['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']),
  metadata,
  webhooks: orEmptyList(
    z.object({ name: z.string(), clientConfig: z.object({ service: orAbsent(serviceReference) }) }),
  ),
})
export type WebhookConfiguration = z.infer<typeof webhookConfiguration>

const apiService = z.object({
  kind: z.literal('APIService'),
  metadata,
  spec: z.object({ service: orAbsent(serviceReference) }),
})
export type ApiService = z.infer<typeof apiService>

/** An AppTier's spec is the user's text: it is read, field by field, by `apptier.ts`. */
const appTierObject = z.object({ kind: z.literal('AppTier'), metadata, spec: z.unknown() })
export type AppTierObject = z.infer<typeof appTierObject>

export interface Workload {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'ReplicaSet' | 'Job' | 'CronJob'
  readonly metadata: Metadata
  readonly selector: LabelSelector | undefined
  readonly template: z.infer<typeof podTemplate>
}

export type KubernetesObject =
  | { readonly is: 'workload'; readonly object: Workload }
  | { readonly is: 'pod'; readonly object: Pod }
  | { readonly is: 'namespace'; readonly object: Namespace }
  | { readonly is: 'service'; readonly object: Service }
  | { readonly is: 'endpointSlice'; readonly object: EndpointSlice }
  | { readonly is: 'networkPolicy'; readonly object: NetworkPolicy }
  | { readonly is: 'appTier'; readonly object: AppTierObject }
  | { readonly is: 'webhookConfiguration'; readonly object: WebhookConfiguration }
  | { readonly is: 'apiService'; readonly object: ApiService }

type Reader = (json: unknown) => z.ZodSafeParseResult<KubernetesObject>

const reader = <T extends z.ZodType, R extends KubernetesObject>(
  schema: T,
  wrap: (object: z.infer<T>) => R,
): Reader => {
  const whole = schema.transform(wrap)
  return json => whole.safeParse(json)
}

const readWorkload = reader(workload, ({ kind, metadata, spec }) => ({
  is: 'workload',
  object: { kind, metadata, selector: spec.selector, template: spec.template },
}))

/** What is read, by `apiVersion/kind`; everything else is passed over. */
const readers: Readonly<Record<string, Reader>> = {
  'apps/v1/Deployment': readWorkload,
  'apps/v1/StatefulSet': readWorkload,
  'apps/v1/DaemonSet': readWorkload,
  'apps/v1/ReplicaSet': readWorkload,
  'batch/v1/Job': readWorkload,
  'batch/v1/CronJob': reader(cronJob, ({ kind, metadata, spec }) => ({
    is: 'workload',
    object: { kind, metadata, selector: undefined, template: spec.jobTemplate.spec.template },
  })),
  'v1/Pod': reader(pod, object => ({ is: 'pod', object })),
  'v1/Namespace': reader(namespace, object => ({ is: 'namespace', object })),
  'v1/Service': reader(service, object => ({ is: 'service', object })),
  'discovery.k8s.io/v1/EndpointSlice': reader(endpointSlice, object => ({ is: 'endpointSlice', object })),
  'networking.k8s.io/v1/NetworkPolicy': reader(networkPolicy, object => ({ is: 'networkPolicy', object })),
  'tierwall.dev/v1alpha1/AppTier': reader(appTierObject, object => ({ is: 'appTier', object })),
  'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': reader(webhookConfiguration, object => ({
    is: 'webhookConfiguration',
    object,
  })),
  'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration': reader(webhookConfiguration, object => ({
    is: 'webhookConfiguration',
    object,
  })),
  'apiregistration.k8s.io/v1/APIService': reader(apiService, object => ({ is: 'apiService', object })),
}

export function readerOf(apiVersion: unknown, kind: unknown): Reader | undefined {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined
  const key = `${apiVersion}/${kind}`
  return Object.hasOwn(readers, key) ? readers[key] : undefined
}
