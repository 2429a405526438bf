/** How the three programs are started. Files are relative to the folder that all of them run in. */

/** Sockets instead of ports: no clash, and nobody else on the machine can reach an etcd that asks for no password. */
const [clients, peers] = ['unix://etcd.sock:0', 'unix://etcd-peer.sock:0']

export const files = {
  authority: 'ca.crt',
  serverCertificate: 'kube-apiserver.crt',
  serverKey: 'kube-apiserver.key',
  tokens: 'tokens.csv',
  signingKey: 'service-accounts.key',
  auditPolicy: 'audit-policy.yaml',
  auditLog: 'audit.log',
  controllersKubeconfig: 'kube-controller-manager.kubeconfig',
  adminKubeconfig: 'admin.kubeconfig',
} as const

export const etcdFlags: readonly string[] = [
  '--data-dir=etcd',
  '--unsafe-no-fsync',
  `--listen-client-urls=${clients}`,
  `--advertise-client-urls=${clients}`,
  `--listen-peer-urls=${peers}`,
  `--initial-advertise-peer-urls=${peers}`,
  `--initial-cluster=default=${peers}`,
  '--log-level=warn',
]

/** Of a block for documentation: Kubernetes refuses loopback addresses as endpoints of the Service `kubernetes`. */
export const advertisedAddress = '192.0.2.1'

/** In megabytes: whoever counts what is in the log must find all of it in one file. */
const largestLog = 10_000

const auditFlags: readonly string[] = [
  `--audit-policy-file=${files.auditPolicy}`,
  `--audit-log-path=${files.auditLog}`,
  `--audit-log-maxsize=${largestLog}`,
]

export function serverFlags(port: number, audit: boolean, more: readonly string[]): readonly string[] {
  return [
    `--etcd-servers=${clients}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--advertise-address=${advertisedAddress}`,
    `--tls-cert-file=${files.serverCertificate}`,
    `--tls-private-key-file=${files.serverKey}`,
    `--client-ca-file=${files.authority}`,
    `--token-auth-file=${files.tokens}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${files.signingKey}`,
    `--service-account-signing-key-file=${files.signingKey}`,
    '--service-cluster-ip-range=10.96.0.0/16,fd00:10:96::/112',
    '--allow-privileged',
    ...(audit ? auditFlags : []),
    ...more,
  ]
}

/** Those that make objects out of objects; without nodes the others have nothing to do. */
const controllers = [
  'namespace',
  'garbage-collector',
  'serviceaccount',
  'clusterrole-aggregation',
  'validatingadmissionpolicy-status',
  'deployment',
  'replicaset',
  'statefulset',
  'daemonset',
  'job',
  'cronjob',
  'endpointslice',
]

export function controllerFlags(more: readonly string[]): readonly string[] {
  return [
    `--kubeconfig=${files.controllersKubeconfig}`,
    '--secure-port=0',
    '--leader-elect=false',
    `--service-account-private-key-file=${files.signingKey}`,
    `--controllers=${controllers.map(name => `${name}-controller`).join(',')}`,
    // The defaults, 20 and 30, would make tests wait for the client's own limit.
    '--kube-api-qps=1000',
    '--kube-api-burst=2000',
    ...more,
  ]
}
