/** The values of the Helm chart, each with its default and what it is for: values.yaml and its schema are made from this. */
import { z } from 'zod'
import { operatorSettings } from '../../api/operator-settings.ts'
import { configurationValue } from './configuration.ts'
import { fields, listOfFields, namespace, port, quantity, texts } from './kubernetes.ts'

export const chartValues = z.strictObject({
  image: z
    .strictObject({
      repository: z.string().min(1).default('ghcr.io/tierwall/tierwall').meta({ description: 'Registry and name.' }),
      tag: z.string().default('').meta({ description: "Empty: the chart's appVersion." }),
      digest: z
        .string()
        .regex(/^(sha256:[0-9a-f]{64})?$/)
        .default('')
        .meta({ description: 'sha256:…, which comes before the tag.' }),
      pullPolicy: z
        .enum(['', 'Always', 'IfNotPresent', 'Never'])
        .default('')
        .meta({ description: "Empty: Kubernetes' own choice, by the tag." }),
      pullSecrets: z
        .array(z.strictObject({ name: z.string().min(1) }))
        .default([])
        .meta({
          description: 'Secrets in the namespace of the release, for a registry that asks who is there: [{name: …}]',
        }),
    })
    .prefault({})
    .meta({ description: 'The image of the operator.' }),
  replicas: z.int().min(0).max(9).default(1).meta({
    description: 'Of several, one works and the others wait to take over, each on a node of its own. 0 stops it.',
  }),
  namespaces: z.array(namespace).default([]).meta({
    description: 'Only these namespaces, which have to be there, and rights in no other one. Empty: every namespace.',
  }),
  auditOnly: z.boolean().default(false).meta({
    description:
      'Writes no policy, and says what it would write. A namespace that says `tierwall.dev/isolation: enforce` is isolated all\nthe same.',
  }),
  adopt: z
    .boolean()
    .default(false)
    .meta({ description: "Takes over others' policies under Tierwall's names, where they say what it would write." }),
  removalDelay: z
    .union([operatorSettings.shape.removalDelay.unwrap(), z.null()])
    .default(null)
    .meta({ description: 'Seconds for which what was deleted still counts. null: what the operator says itself.' }),
  configuration: configurationValue.default({}).meta({
    description:
      'The configuration file, as docs/configuration.md has it, less what is a value here. For instance:\nconfiguration:\n  clusterRanges: [10.244.0.0/16, 10.96.0.0/12]\n  dns: {peers: [169.254.20.10/32]}\nThe operator reads it again when it changes.',
  }),
  admission: z
    .strictObject({
      annotations: z
        .union([z.literal('auto'), z.boolean()])
        .default('auto')
        .meta({
          description:
            'Refuses annotations with mistakes where somebody writes them. auto: unless `namespaces` are named, since it would\nrefuse them where nobody looks, or Kubernetes is older than 1.31.',
        }),
      reserved: z
        .boolean()
        .default(false)
        .meta({ description: 'Keeps everybody but the operator from changing the policies that it writes.' }),
    })
    .prefault({})
    .meta({ description: 'Policies that the API server evaluates by itself.' }),
  crds: z
    .strictObject({
      install: z.boolean().default(true).meta({ description: 'false: somebody else brings it.' }),
    })
    .prefault({})
    .meta({
      description: 'The definition of AppTier. It is upgraded with the chart, and stays when the release goes.',
    }),
  resources: z
    .strictObject({
      requests: z
        .record(z.string(), quantity)
        .default({ cpu: '50m', memory: '128Mi' })
        .meta({ description: 'Enough for some thousand workloads.' }),
      limits: z
        .record(z.string(), quantity)
        .default({ memory: '512Mi' })
        .meta({ description: 'None for the CPU: held back at the wrong moment, it would lose its Lease.' }),
      claims: listOfFields.optional().meta({ description: 'Devices; it needs none.' }),
    })
    .prefault({})
    .meta({ description: 'What the operator asks its node for.' }),
  podDisruptionBudget: z
    .strictObject({
      enabled: z.boolean().default(true).meta({ description: 'false: no such promise.' }),
      maxUnavailable: z
        .union([z.int().min(1), z.string().regex(/^[0-9]+%$/)])
        .default(1)
        .meta({ description: 'A number, or a part such as 50%.' }),
    })
    .prefault({})
    .meta({ description: 'Nodes that are emptied take the replicas one by one.' }),
  priorityClassName: z.string().default('system-cluster-critical').meta({
    description:
      'Without the operator no policy is mended, so it goes last. Priorities of the system come with a ResourceQuota, which\nsome clusters (GKE) ask for.',
  }),
  nodeSelector: texts
    .default({ 'kubernetes.io/os': 'linux' })
    .meta({ description: 'Labels of the nodes that it may run on.' }),
  tolerations: listOfFields.default([]).meta({ description: 'Taints that it does not mind.' }),
  affinity: fields
    .nullable()
    .default(null)
    .meta({ description: 'null: two replicas or more never share a node. {}: no such rule.' }),
  topologySpreadConstraints: listOfFields
    .nullable()
    .default(null)
    .meta({ description: 'null: on several nodes, if that can be. []: no such wish.' }),
  networkPolicy: z
    .strictObject({
      enabled: z.boolean().default(true).meta({ description: 'false: somebody else says it.' }),
      defaultDeny: z
        .boolean()
        .default(true)
        .meta({ description: 'Shuts the other pods of the namespace as well, which is meant to have none.' }),
      metricsFrom: listOfFields
        .default([{ namespaceSelector: {} }])
        .meta({ description: 'Peers that may scrape the metrics, as a NetworkPolicy names them; [] is nobody.' }),
      dnsPeers: listOfFields
        .default([
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
            podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
          },
        ])
        .meta({
          description:
            'Where it may ask for names. With NodeLocal DNSCache add {ipBlock: {cidr: 169.254.20.10/32}}; [] is nowhere.',
        }),
      apiServerPorts: z.array(port).min(1).default([443, 6443]).meta({
        description:
          'Where the API server listens, at whatever address: `kubectl get endpointslices -n default` says which (minikube 8443,\nMicroK8s 16443).',
      }),
    })
    .prefault({})
    .meta({
      description: 'Who may reach the operator, and whom it may reach. Tierwall leaves its own namespace alone.',
    }),
  serviceMonitor: z
    .strictObject({
      enabled: z.boolean().default(false).meta({ description: 'true: with one.' }),
      interval: z.string().default('').meta({ description: "Such as 30s. Empty: Prometheus' own." }),
      labels: texts.default({}).meta({ description: 'What your Prometheus selects its monitors by.' }),
    })
    .prefault({})
    .meta({
      description: 'For the Prometheus operator, where it finds the metrics. Its definitions have to be there.',
    }),
  prometheusRule: z
    .strictObject({
      enabled: z.boolean().default(false).meta({ description: 'true: with them.' }),
      labels: texts.default({}).meta({ description: 'What your Prometheus selects its rules by.' }),
    })
    .prefault({})
    .meta({ description: 'Alerts, for the Prometheus operator.' }),
  labels: texts.default({}).meta({ description: 'For every object.' }),
  annotations: texts.default({}).meta({ description: 'For every object.' }),
  podLabels: texts.default({}).meta({ description: 'For the pods.' }),
  podAnnotations: texts.default({}).meta({ description: 'For the pods.' }),
  global: fields.optional().meta({ description: 'What a chart gives to all charts that it is made of. Not used.' }),
})
export type ChartValues = z.infer<typeof chartValues>
