/** What the live commands have in common: the options that name a cluster, and the connection that these mean. */
import { type Command, Option } from 'commander'
import { isWritten, namespaceName } from '../api/formats.ts'
import type { Connection, Failure } from '../cluster/index.ts'
import type { Trouble } from '../report/world/name.ts'
import { explainFailure, isAnonymous } from './cluster-trouble.ts'
import { tellTrouble } from './terminal.ts'
import { version } from './version.ts'

export interface ConnectionOptions {
  readonly kubeconfig?: string
  readonly context?: string
}

export interface ClusterOptions extends ConnectionOptions {
  readonly namespace?: string
  readonly allNamespaces?: boolean
}

export function withConnection(command: Command): Command {
  return command
    .addOption(new Option('--kubeconfig <file>', 'else the files that KUBECONFIG names, else ~/.kube/config'))
    .addOption(new Option('--context <name>', 'of the kubeconfig; else its current context'))
}

export function withCluster(command: Command): Command {
  return withConnection(command)
    .addOption(new Option('-n, --namespace <namespace>', "else the context's, else default"))
    .addOption(new Option('-A, --all-namespaces', 'every namespace').conflicts('namespace'))
}

export interface OpenCluster {
  /** Its requests give up after a while; whoever opened it closes it. */
  readonly connection: Connection
  /** Nothing for all of them. */
  readonly namespace: string | undefined
}

/** Milliseconds: a plugin that fetches a token takes some seconds, and a page of a long list may take its time. */
const patience = { first: 7_000, later: 10_000 }

/** The first request is made here, so that what it says of the cluster is said once and in one way. */
export async function openCluster(options: ClusterOptions): Promise<OpenCluster | { readonly trouble: Trouble }> {
  const { namespace } = options
  if (namespace !== undefined && !isWritten(namespace, namespaceName))
    return { trouble: { message: `'${namespace}' cannot be a namespace`, fix: `write ${namespaceName.means}` } }
  // Loaded here alone: commands that stay offline need none of it.
  const { connect, createLog, isStatus, systemClock } = await import('../cluster/index.ts')
  const connected = await connect({
    ...options,
    clock: systemClock,
    random: Math.random,
    log: createLog('silent'),
    userAgent: `tierwall/${version}`,
  })
  if (!connected.ok) return { trouble: explainFailure(connected.failure, { options }) }
  const connection = limitPatience(connected.connection)
  const signal = AbortSignal.timeout(patience.first)
  const reply = await connection.request({ method: 'GET', path: '/version', signal })
  const isHidden = !reply.ok && isStatus(reply.failure, 403) && !isAnonymous(reply.failure.message)
  if (reply.ok || isHidden)
    return {
      connection,
      namespace: options.allNamespaces ? undefined : (namespace ?? connection.namespace ?? 'default'),
    }
  await connection.close()
  // Every API server has this page.
  const isStranger = isStatus(reply.failure, 404)
  const failure: Failure = isStranger ? { kind: 'parse', message: reply.failure.message } : reply.failure
  return { trouble: explainFailure(failure, { options, server: connection.server }) }
}

function limitPatience(connection: Connection): Connection {
  return {
    ...connection,
    request: ({ attempts = 2, signal = AbortSignal.timeout(patience.later), ...request }) =>
      connection.request({ ...request, attempts, signal }),
  }
}

/** A connection that is still being made would keep the process for some seconds more. */
export function leaveInTrouble(trouble: Trouble): never {
  process.exit(tellTrouble(trouble))
}
