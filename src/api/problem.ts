/** A problem is a value: what is wrong, who said it, and what to do. This table holds every code. */
import type { Source } from './source.ts'

export type Severity = 'error' | 'warning' | 'info'

export interface ProblemKind {
  readonly severity: Severity
  readonly title: string
  /** What goes wrong when nobody acts. */
  readonly why: string
  readonly example: { readonly bad: string; readonly good: string }
}

const annotate = (key: string, value: string) => `metadata:\n  annotations:\n    tierwall.dev/${key}: ${value}`

/** Sorted by code. Each becomes a section of docs/problems.md. */
export const problemKinds = {
  'annotation-unknown': {
    severity: 'error',
    title: 'An annotation that looks like one of ours is not',
    why: 'A misspelled key is silently ignored by Kubernetes, so the rule that it was meant to carry is missing.',
    example: { bad: annotate('allowfrom', 'web'), good: annotate('allow-from', 'web') },
  },
  'annotation-misplaced': {
    severity: 'error',
    title: 'An annotation stands where Tierwall does not read it',
    why: 'Tierwall reads the annotations of a Deployment, StatefulSet or DaemonSet itself. Pod templates, Pods, Jobs and CronJobs are not read: their pods are named by an AppTier with a selector.',
    example: {
      bad: 'kind: CronJob\nmetadata:\n  annotations:\n    tierwall.dev/tier: report',
      good: 'kind: AppTier\nmetadata: {name: report}\nspec:\n  selector: {matchLabels: {role: report}}',
    },
  },
  'annotation-without-tier': {
    severity: 'error',
    title: 'A workload has Tierwall annotations but no tier',
    why: 'Without `tierwall.dev/tier` the other annotations do nothing, and the workload is not protected.',
    example: { bad: annotate('ports', '"5000"'), good: `${annotate('ports', '"5000"')}\n    tierwall.dev/tier: api` },
  },
  'annotation-on-covered': {
    severity: 'error',
    title: 'An AppTier with a selector already speaks for this workload',
    why: 'The workload’s pods are in the AppTier’s one policy, so ports and peers written on the workload could not hold for it alone.',
    example: {
      bad: `${annotate('tier', 'db')}\n    tierwall.dev/ports: "3307"`,
      good: 'kind: AppTier\nspec:\n  ports: [{port: 3307}]',
    },
  },
  'apptier-duplicate': {
    severity: 'error',
    title: 'Two AppTiers describe one tier',
    why: 'Only one can count. In a cluster it is the older one; offline nobody can tell which that is.',
    example: {
      bad: '# db.yaml\nmetadata: {name: db}\n# database.yaml\nmetadata: {name: database}\nspec: {tier: db}',
      good: 'metadata: {name: db}',
    },
  },
  'apptier-invalid': {
    severity: 'error',
    title: 'An AppTier field has the wrong shape',
    why: 'The tier keeps its last good policies; offline it gets none.',
    example: { bad: 'spec:\n  ports: ["3306"]', good: 'spec:\n  ports: [{port: 3306}]' },
  },
  'cidr-everywhere': {
    severity: 'warning',
    title: 'All addresses of one family stand where everyone is meant',
    why: 'A range means addresses, of IPv4 or of IPv6: many CNIs do not match pods by it, so 0.0.0.0/0 is neither everyone nor the internet alone.',
    example: { bad: annotate('allow-from', '0.0.0.0/0'), good: annotate('allow-from', 'anywhere') },
  },
  'cidr-exception-outside': {
    severity: 'error',
    title: 'An exception is not inside its CIDR',
    why: 'The API server refuses it, and what was meant to stay shut would be open.',
    example: {
      bad: annotate('allow-from', '10.0.0.0/8!11.0.0.0/8'),
      good: annotate('allow-from', '10.0.0.0/8!10.1.0.0/16'),
    },
  },
  'cidr-host-bits': {
    severity: 'error',
    title: 'A CIDR has bits set beyond its prefix',
    why: 'One address or the whole range may be meant: CNIs read it as the range, which is wider.',
    example: { bad: annotate('allow-from', '10.0.0.1/8'), good: annotate('allow-from', '10.0.0.1/32') },
  },
  'cidr-in-cluster': {
    severity: 'warning',
    title: 'An address range means pods or Services of the cluster',
    why: 'Policies see neither the addresses of Services nor, with many CNIs, those of pods: the rule opens nothing, or something else tomorrow.',
    example: { bad: annotate('allow-to', '10.96.0.1/32:443'), good: annotate('allow-to', 'kube-apiserver') },
  },
  'cidr-invalid': {
    severity: 'error',
    title: 'An address range cannot be read',
    why: 'A range is written as ADDRESS/PREFIX; anything else is refused rather than guessed.',
    example: { bad: annotate('allow-from', '0.0.0.0'), good: annotate('allow-from', 'anywhere') },
  },
  'configuration-invalid': {
    severity: 'error',
    title: 'The configuration file cannot be used',
    why: 'A key that is not known or a value of the wrong shape is never guessed.',
    example: { bad: 'clusterRange: [10.0.0.0/8]', good: 'clusterRanges: [10.0.0.0/8]' },
  },
  'dns-unknown': {
    severity: 'warning',
    title: 'The cluster’s DNS cannot be located',
    why: 'Without its addresses Tierwall falls back to pods labelled k8s-app=kube-dns in kube-system; where DNS is elsewhere, names stop resolving.',
    example: {
      bad: '# a DNS Service without selector and no EndpointSlice of it',
      good: 'dns:\n  peers: [{cidr: 169.254.20.10/32}]',
    },
  },
  'edge-one-sided': {
    severity: 'warning',
    title: 'Only one side of a cross-namespace edge agrees',
    why: 'Across namespaces the client’s `allow-to` and the server’s `allow-from` must both say so. Until then neither side is written.',
    example: {
      bad: annotate('allow-from', 'web.front'),
      good: `${annotate('allow-from', 'web.front')}\n# and in namespace front:\n    tierwall.dev/allow-to: db.data`,
    },
  },
  'edge-refused': {
    severity: 'warning',
    title: 'The server’s `allow-from` does not name this client',
    why: '`allow-to` alone opens nobody’s door: the server decides who may connect.',
    example: { bad: annotate('allow-to', 'db'), good: `# on db:\n${annotate('allow-from', 'api, web')}` },
  },
  'egress-all-ports': {
    severity: 'warning',
    title: 'A way out has no ports',
    why: 'Outside of tiers, an `allow-to` peer without ports opens every port and protocol there.',
    example: { bad: annotate('allow-to', 'internet'), good: annotate('allow-to', 'internet:443') },
  },
  'file-unreadable': {
    severity: 'error',
    title: 'A file cannot be read',
    why: 'What it would have said is not known, so nothing is written.',
    example: { bad: '# tierwall render -f k8s/wbe.yaml', good: '# tierwall render -f k8s/web.yaml' },
  },
  'foreign-policy-opens': {
    severity: 'warning',
    title: 'A policy that Tierwall did not write opens what it keeps shut',
    why: 'NetworkPolicies add up: what any of them allows is allowed.',
    example: {
      bad: 'kind: NetworkPolicy\nspec:\n  podSelector: {}\n  ingress: [{}]',
      good: '# delete it, or say the same with allow-from',
    },
  },
  'host-network': {
    severity: 'warning',
    title: 'Pods on the host’s network are outside of every policy',
    why: 'NetworkPolicies do not apply to pods with hostNetwork: true.',
    example: { bad: 'spec:\n  hostNetwork: true', good: 'spec:\n  hostNetwork: false' },
  },
  'isolation-invalid': {
    severity: 'error',
    title: 'A namespace’s isolation is none of the three modes',
    why: 'The namespace keeps what it has; offline nothing is written for it.',
    example: { bad: 'tierwall.dev/isolation: "on"', good: 'tierwall.dev/isolation: enforce' },
  },
  'kube-apiserver-unknown': {
    severity: 'warning',
    title: 'The API server’s addresses are not known here',
    why: 'Without the endpoints of default/kubernetes no rule can be written for `kube-apiserver`.',
    example: {
      bad: annotate('allow-to', 'kube-apiserver'),
      good: 'kubeApiserver:\n  endpoints: [{address: 10.0.0.2, port: 6443}]',
    },
  },
  'list-empty': {
    severity: 'error',
    title: 'A list is empty or has an empty entry',
    why: 'An empty value could mean nobody or everybody, so it is refused.',
    example: { bad: annotate('allow-from', '""'), good: annotate('allow-from', 'none') },
  },
  'list-too-long': {
    severity: 'error',
    title: 'A list is longer than the limit',
    why: 'The limits (64 ports, 256 peers, 64 exceptions, 4,096 characters) keep every policy small enough for the API server.',
    example: { bad: '# 300 peers', good: '# one CIDR or namespace that covers them' },
  },
  'name-conflict': {
    severity: 'warning',
    title: 'A policy of somebody else has the name of one that Tierwall writes',
    why: 'Tierwall never touches what it did not write: the tier goes without its policy, and its condition says Conflict.',
    example: {
      bad: 'kind: NetworkPolicy\nmetadata: {name: tierwall-web}',
      good: 'kind: NetworkPolicy\nmetadata: {name: web-by-hand}',
    },
  },
  'namespace-refused': {
    severity: 'error',
    title: 'Tierwall keeps out of this namespace',
    why: 'A default-deny in kube-system, kube-public, kube-node-lease or the operator’s own namespace can take the cluster down.',
    example: { bad: 'metadata: {namespace: kube-system}', good: 'allowSystemNamespaces: [kube-system]' },
  },
  'none-not-alone': {
    severity: 'error',
    title: '`none` stands beside other entries',
    why: '`none` means nobody (or no port), which contradicts every other entry.',
    example: { bad: annotate('allow-from', 'none, web'), good: annotate('allow-from', 'web') },
  },
  'object-duplicate': {
    severity: 'error',
    title: 'The same object stands twice in the input',
    why: 'Which of the two counts would depend on their order.',
    example: { bad: '# a.yaml and b.yaml both hold Deployment shop/web', good: '# one of them' },
  },
  'object-invalid': {
    severity: 'error',
    title: 'A Kubernetes object would be refused by the API server',
    why: 'What the API server would not take is not guessed at.',
    example: { bad: annotate('ports', '5000'), good: annotate('ports', '"5000"') },
  },
  'peer-anywhere-db': {
    severity: 'warning',
    title: 'A database is open to everyone',
    why: 'The db preset exists to be reached by api alone; `anywhere` includes every pod and every address outside.',
    example: {
      bad: `${annotate('tier', 'db')}\n    tierwall.dev/allow-from: anywhere`,
      good: `${annotate('tier', 'db')}\n    tierwall.dev/allow-from: api`,
    },
  },
  'peer-invalid': {
    severity: 'error',
    title: 'A peer cannot be read',
    why: 'A word that is no peer opens nothing, and its tier keeps its last good policies.',
    example: { bad: annotate('allow-from', 'Web'), good: annotate('allow-from', 'web') },
  },
  'peer-selects-nothing': {
    severity: 'warning',
    title: 'A selector matches nothing',
    why: 'Labels that no pod or namespace carries open nothing: often a typo.',
    example: {
      bad: 'from: [{podSelector: {matchLabels: {rol: client}}}]',
      good: 'from: [{podSelector: {matchLabels: {role: client}}}]',
    },
  },
  'peer-undefined': {
    severity: 'warning',
    title: 'The configuration defines no peer of that name',
    why: 'Until the cluster’s admin defines it, `@NAME` opens nothing.',
    example: { bad: annotate('allow-from', '"@monitring"'), good: annotate('allow-from', '"@monitoring"') },
  },
  'peer-unknown-tier': {
    severity: 'warning',
    title: 'A peer names a tier that is not there',
    why: 'No rule is written for it until it appears. A missing part-of label, which puts the tier into another app, is the usual reason.',
    example: { bad: annotate('allow-from', 'wbe'), good: annotate('allow-from', 'web') },
  },
  'port-invalid': {
    severity: 'error',
    title: 'A port cannot be read',
    why: 'Ports are 1 to 65535, ranges go upwards, names follow container port names, protocols are TCP, UDP and SCTP.',
    example: { bad: annotate('ports', '80-79'), good: annotate('ports', '"79-80"') },
  },
  'port-is-service-port': {
    severity: 'warning',
    title: 'A Service’s port is given where the pods listen on another',
    why: 'Policies see the pods’ ports: behind a Service the targetPort counts.',
    example: { bad: annotate('ports', '"80"'), good: annotate('ports', '"8080"') },
  },
  'port-name-outside': {
    severity: 'error',
    title: 'A port name is given for addresses',
    why: 'Names belong to pods’ containers; an address outside has none, so the rule would open nothing.',
    example: { bad: annotate('allow-to', '10.0.0.0/8:https'), good: annotate('allow-to', '10.0.0.0/8:443') },
  },
  'port-undeclared': {
    severity: 'warning',
    title: 'No container of the workload declares this port',
    why: 'It may be right (containers need not declare ports), but mostly the port is another one.',
    example: { bad: annotate('ports', '"500"'), good: annotate('ports', '"5000"') },
  },
  'ports-missing': {
    severity: 'error',
    title: 'Somebody may connect, but to no port',
    why: 'Kubernetes reads a rule without ports as all ports, so Tierwall does not write one.',
    example: {
      bad: `${annotate('tier', 'worker')}\n    tierwall.dev/allow-from: web`,
      good: `${annotate('tier', 'worker')}\n    tierwall.dev/allow-from: web\n    tierwall.dev/ports: "8080"`,
    },
  },
  'ports-nothing-left': {
    severity: 'warning',
    title: 'Client and server agree on no port',
    why: 'The ports in `allow-to` narrow what the server accepts; here nothing is left.',
    example: { bad: annotate('allow-to', 'db:80'), good: annotate('allow-to', 'db:3306') },
  },
  'policy-too-large': {
    severity: 'error',
    title: 'A policy would be larger than the API server takes',
    why: 'Objects over about 1 MiB are refused by etcd.',
    example: { bad: '# thousands of workloads in one tier', good: '# an AppTier whose selector covers them all' },
  },
  'selector-empty': {
    severity: 'error',
    title: 'A selector selects everything',
    why: 'In Kubernetes an empty selector means all pods, or all namespaces.',
    example: { bad: 'from: [{podSelector: {}}]', good: 'from: [{sameNamespace: true}]' },
  },
  'service-closed': {
    severity: 'warning',
    title: 'A Service for the outside stands before pods that no address outside may reach',
    why: 'A LoadBalancer or NodePort passes on what comes from outside; none of its ports lets any of that in.',
    example: {
      bad: `kind: Service\nspec: {type: LoadBalancer}\n# and on the pods' workload:\n${annotate('allow-from', 'web')}`,
      good: annotate('allow-from', 'web, anywhere'),
    },
  },
  'sources-disagree': {
    severity: 'warning',
    title: 'An annotation overrides what the AppTier says',
    why: 'The nearest wins: the annotation counts. Whoever reads the AppTier alone is misled.',
    example: { bad: '# AppTier db: port 3306; Deployment: tierwall.dev/ports: "3307"', good: '# say it once' },
  },
  'tier-empty': {
    severity: 'warning',
    title: 'An AppTier stands for no pods',
    why: 'No workload is annotated with its tier, or its selector matches none: nothing is protected, and peers that name it open nothing.',
    example: {
      bad: 'kind: AppTier\nmetadata: {name: db}\nspec: {selector: {matchLabels: {rol: db}}}',
      good: 'kind: AppTier\nmetadata: {name: db}\nspec: {selector: {matchLabels: {role: db}}}',
    },
  },
  'tier-invalid': {
    severity: 'error',
    title: 'A tier or app has a name that cannot be used',
    why: 'A tier’s name is an RFC 1035 label and none of the words of the peer grammar.',
    example: { bad: annotate('tier', 'Web_1'), good: annotate('tier', 'web-1') },
  },
  'tier-overlap': {
    severity: 'warning',
    title: 'A pod is in two tiers',
    why: 'Policies add up: the pod may do what either tier may.',
    example: {
      bad: '# two Deployments with the same selector labels in two tiers',
      good: '# selectors that tell them apart',
    },
  },
  'tier-unreachable': {
    severity: 'warning',
    title: 'Nobody may reach this tier',
    why: 'It has ports, but no peer that exists may connect to them.',
    example: {
      bad: `${annotate('tier', 'worker')}\n    tierwall.dev/ports: "8080"`,
      good: `${annotate('tier', 'worker')}\n    tierwall.dev/ports: "8080"\n    tierwall.dev/allow-from: web`,
    },
  },
  'webhook-closed': {
    severity: 'warning',
    title: 'The API server cannot reach a webhook or APIService',
    why: 'Its backend is closed to the API server, so requests that need it fail or hang.',
    example: { bad: annotate('allow-from', 'none'), good: annotate('allow-from', 'kube-apiserver:9443') },
  },
  'workload-uncovered': {
    severity: 'warning',
    title: 'A workload in an isolated namespace has no tier',
    why: 'The default-deny selects its pods as well: it will be cut off but for DNS.',
    example: { bad: '# a Deployment without annotations in a namespace with tiers', good: annotate('tier', 'worker') },
  },
  'yaml-invalid': {
    severity: 'error',
    title: 'A file cannot be read as YAML or JSON',
    why: 'Nothing of that document is used.',
    example: { bad: 'metadata: {name: web', good: 'metadata: {name: web}' },
  },
} as const satisfies Readonly<Record<string, ProblemKind>>

export type ProblemCode = keyof typeof problemKinds

/** What is wrong and what to do, before it is known where. */
export interface Fault {
  readonly code: ProblemCode
  readonly message: string
  readonly fix: string
  readonly span?: readonly [number, number]
}

export interface Problem {
  readonly code: ProblemCode
  readonly severity: Severity
  readonly source: Source
  readonly message: string
  readonly fix: string
}

export function problemAt(source: Source, code: ProblemCode, message: string, fix: string): Problem {
  return { code, severity: problemKinds[code].severity, source, message, fix }
}

export function problemKind(code: ProblemCode): ProblemKind {
  return problemKinds[code]
}
