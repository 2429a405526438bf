/** Which API server, and who we are to it: kubeconfig files, a context, or the pod's own service account. */
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import type { Cluster, KubeConfig, User } from '@kubernetes/client-node'
import { parse } from 'yaml'
import { z } from 'zod'
import { orAbsent } from '../../api/absent.ts'
import { type Failure, messageOf } from '../failure.ts'

export interface TargetOptions {
  /** A file; else KUBECONFIG, `~/.kube/config`, and the service account of the pod, in this order. */
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly environment?: Readonly<Record<string, string | undefined>>
}

export interface Target {
  readonly server: URL
  /** Of the context: where commands look unless told otherwise. */
  readonly namespace: string | undefined
  readonly tls: TlsSource
  readonly proxy: string | undefined
  readonly identity: Identity
  readonly impersonate: string | undefined
}

/** Files win over data, as in kubectl. They are read at each connection, so that renewed ones count. */
export interface TlsSource {
  readonly ca: FileOrBase64
  readonly cert: FileOrBase64
  readonly key: FileOrBase64
  readonly serverName: string | undefined
  readonly insecure: boolean
}

export interface FileOrBase64 {
  readonly file: string | undefined
  readonly base64: string | undefined
}

export type Identity =
  | { readonly by: 'none' }
  | { readonly by: 'token'; readonly token: string }
  | { readonly by: 'token-file'; readonly file: string }
  | { readonly by: 'password'; readonly user: string; readonly password: string }
  | { readonly by: 'exec'; readonly plugin: ExecPlugin }
  /** Azure, Google and OpenID Connect entries of old kubeconfigs: client-node knows them. */
  | { readonly by: 'client-node'; readonly config: KubeConfig }

const execPlugin = z.object({
  apiVersion: z.string(),
  command: z.string().min(1),
  args: orAbsent(z.array(z.string())),
  env: orAbsent(z.array(z.object({ name: z.string(), value: z.string() }))),
  provideClusterInfo: orAbsent(z.boolean()),
})
export type ExecPlugin = z.infer<typeof execPlugin>

const serviceAccountToken = '/var/run/secrets/kubernetes.io/serviceaccount/token'

export async function findTarget(
  options: TargetOptions,
): Promise<{ ok: true; target: Target } | { ok: false; failure: Failure }> {
  try {
    return { ok: true, target: readTarget(await loadConfig(options), options.context) }
  } catch (error) {
    return { ok: false, failure: { kind: 'access', message: messageOf(error) } }
  }
}

async function loadConfig({ kubeconfig, environment = process.env }: TargetOptions): Promise<KubeConfig> {
  // Loaded here alone: it takes most of a second, and commands that stay offline need none of it.
  const { KubeConfig } = await import('@kubernetes/client-node')
  const files = kubeconfig === undefined ? listFiles(environment) : [kubeconfig]
  const config = new KubeConfig()
  if (files.length > 0) {
    const read = files.map(file => loadFile(new KubeConfig(), file))
    config.loadFromOptions({
      clusters: firstOfName(read.flatMap(one => one.clusters)),
      users: firstOfName(read.flatMap(one => one.users)),
      contexts: firstOfName(read.flatMap(one => one.contexts)),
      currentContext: read.map(one => one.currentContext).find(Boolean),
    })
  } else if (existsSync(serviceAccountToken)) config.loadFromCluster()
  else throw new Error('no kubeconfig was found: set KUBECONFIG, or write ~/.kube/config')
  return config
}

function loadFile(config: KubeConfig, file: string): KubeConfig {
  try {
    config.loadFromFile(file)
    const tokenFiles = kubeconfigTokenFiles.parse(parse(readFileSync(file, 'utf8'))).users
    for (const [index, { user }] of tokenFiles.entries())
      if (user?.tokenFile)
        config.users[index] = nameTokenFile(config.users[index], resolve(dirname(file), user.tokenFile))
    return config
  } catch (error) {
    // The lines after the first one show the file, and with it a token.
    throw new Error(`the kubeconfig ${file} cannot be read: ${messageOf(error).split('\n', 1)[0]}`)
  }
}

/** client-node 2.0.1 looks for `token-file`, which is not how Kubernetes spells it. */
const kubeconfigTokenFiles = z.object({
  users: z
    .array(z.object({ user: z.object({ tokenFile: z.string().optional() }).nullish() }))
    .nullish()
    .transform(users => users ?? []),
})

function nameTokenFile(user: User | undefined, tokenFile: string): User {
  return { name: '', ...user, authProvider: { name: 'tokenFile', config: { tokenFile } } }
}

/** Of KUBECONFIG's files those that are missing are passed over, as kubectl does. */
function listFiles({ KUBECONFIG: named = '', HOME }: Readonly<Record<string, string | undefined>>): string[] {
  if (named !== '') {
    const files = named.split(delimiter).filter(file => file !== '' && existsSync(file))
    if (files.length === 0) throw new Error(`KUBECONFIG names no file that exists: ${named}`)
    return files
  }
  return [join(HOME ?? homedir(), '.kube', 'config')].filter(file => existsSync(file))
}

/** Where files disagree the first one counts, as in kubectl; client-node's own merge refuses. */
function firstOfName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  return [...new Map(entries.toReversed().map(entry => [entry.name, entry])).values()]
}

function readTarget(config: KubeConfig, wanted: string | undefined): Target {
  const name = wanted ?? config.currentContext
  if (!name) throw new Error('the kubeconfig has no current context: name one with --context')
  const context = config.getContextObject(name)
  if (!context) throw new Error(`the kubeconfig has no context '${name}'`)
  config.setCurrentContext(name)
  const cluster = config.getCluster(context.cluster)
  if (!cluster?.server) throw new Error(`context '${name}' names cluster '${context.cluster}', which has no server`)
  const user = config.getUser(context.user)
  if (!user && context.user) throw new Error(`context '${name}' names user '${context.user}', which is not there`)
  return {
    server: new URL(cluster.server),
    namespace: context.namespace?.trim() || undefined,
    tls: readTls(cluster, user),
    proxy: cluster.proxyUrl || undefined,
    identity: user ? readIdentity(user, config) : { by: 'none' },
    impersonate: user?.impersonateUser || undefined,
  }
}

function readTls(cluster: Cluster, user: User | null): TlsSource {
  return {
    ca: { file: cluster.caFile || undefined, base64: cluster.caData || undefined },
    cert: { file: user?.certFile || undefined, base64: user?.certData || undefined },
    key: { file: user?.keyFile || undefined, base64: user?.keyData || undefined },
    serverName: cluster.tlsServerName || undefined,
    insecure: cluster.skipTLSVerify === true,
  }
}

function readIdentity(user: User, config: KubeConfig): Identity {
  const tokenFile: unknown = user.authProvider?.config?.tokenFile
  if (typeof tokenFile === 'string') return { by: 'token-file', file: tokenFile }
  if (user.token) return { by: 'token', token: user.token }
  if (user.exec) return { by: 'exec', plugin: readPlugin(user.exec) }
  if (user.username) return { by: 'password', user: user.username, password: user.password ?? '' }
  return user.authProvider ? { by: 'client-node', config } : { by: 'none' }
}

function readPlugin(exec: unknown): ExecPlugin {
  const plugin = execPlugin.safeParse(exec)
  if (plugin.success) return plugin.data
  // Values may be secrets, so only the fields are named.
  throw new Error(
    `the kubeconfig's exec plugin is not usable: ${plugin.error.issues.map(({ path }) => path.join('.')).join(', ')}`,
  )
}
