/** Real etcd, kube-apiserver and kube-controller-manager as plain processes on this machine, gone with whoever started them. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Binaries, findBinaries } from './binaries.ts'
import { type Access, type Client, connect } from './client.ts'
import { serveCustomResource } from './customresources.ts'
import { writeFiles } from './files.ts'
import { controllerFlags, etcdFlags, serverFlags } from './flags.ts'
import { findFreePort } from './ports.ts'
import { Ended, keepProcesses, type Processes } from './processes.ts'
import type { ServerName } from './programs.ts'
import { type Tell, tellIfSlow, tellStderr } from './progress.ts'
import { until } from './until.ts'

export interface ControlPlaneOptions {
  /** Where they are known already. */
  readonly binaries?: Binaries
  /** The first port to try; default: one that is free. */
  readonly port?: number
  /** Writes a line per request to `access.auditLog`. */
  readonly audit?: boolean
  /** Such as `--feature-gates=WatchList=false` and `--min-request-timeout=5`. */
  readonly serverFlags?: readonly string[]
  readonly controllerFlags?: readonly string[]
  /** Definitions whose objects are to be served before the start is over. */
  readonly customResources?: readonly unknown[]
  readonly tell?: Tell
}

/** Its client's identity is the admin. */
export interface ControlPlane extends Client {
  readonly access: Access
  /** As they are now: a server that is started again has another one. */
  pids(): Readonly<Record<ServerName, number>>
  /** As in a crash: what was stored stays in etcd. */
  killServer(): Promise<void>
  /** On the same port, until it is ready again; with other flags, or with those it had at first. */
  startServer(flags?: readonly string[]): Promise<void>
  /** Ends the processes and takes their folder away. */
  stop(): Promise<void>
}

export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const { tell = tellStderr } = options
  const binaries = options.binaries ?? (await needBinaries(tell))
  const line = 'starting etcd, kube-apiserver and kube-controller-manager…'
  return tellIfSlow(line, () => startOnSomePort(binaries, options), tell)
}

async function needBinaries(tell: Tell): Promise<Binaries> {
  const found = await findBinaries(tell)
  if ('missing' in found) throw new Error(found.missing)
  return found.binaries
}

const mostPorts = 5

async function startOnSomePort(binaries: Binaries, options: ControlPlaneOptions): Promise<ControlPlane> {
  for (let tries = 1; ; tries++) {
    const port = (tries === 1 && options.port) || (await findFreePort())
    try {
      return await startOn(port, binaries, options)
    } catch (error) {
      const isTaken = error instanceof Ended && error.log.includes('address already in use')
      if (!isTaken || tries === mostPorts) throw error
    }
  }
}

async function startOn(port: number, binaries: Binaries, options: ControlPlaneOptions): Promise<ControlPlane> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tierwall-'))
  const processes = keepProcesses(dataDir)
  let client: Client | undefined
  const stop = async () => {
    await client?.close()
    await processes.stop()
  }
  try {
    const access = await writeFiles(dataDir, port, options.audit ?? false)
    client = connect(access)
    const started = await startPrograms(client, port, binaries, processes, options)
    return { ...client, ...started, access, stop }
  } catch (error) {
    const failure =
      error instanceof Ended ? error : new Error(`${error}; the ends of the logs:\n${processes.readLogs()}`)
    await stop()
    throw failure
  }
}

async function startPrograms(
  client: Client,
  port: number,
  binaries: Binaries,
  { start, signal }: Processes,
  { audit = false, tell = tellStderr, ...options }: ControlPlaneOptions,
): Promise<Pick<ControlPlane, 'pids' | 'killServer' | 'startServer'>> {
  const startServer = async (flags: readonly string[] = []) => {
    const server = await start('kube-apiserver', binaries['kube-apiserver'], serverFlags(port, audit, flags))
    await until('API server that is ready', () => answers(client, '/readyz'), signal)
    return server
  }
  const etcd = await start('etcd', binaries.etcd, etcdFlags)
  let server = await startServer(options.serverFlags)
  // Not before: it would wait for the API server in steps of a second.
  const flags = controllerFlags(options.controllerFlags ?? [])
  const controllers = await start('kube-controller-manager', binaries['kube-controller-manager'], flags)
  const account = '/api/v1/namespaces/default/serviceaccounts/default'
  await until('service account in the default namespace', () => answers(client, account), signal)
  for (const definition of options.customResources ?? []) await serveCustomResource(client, definition, signal)
  signal.addEventListener('abort', () => tell(String(signal.reason)))
  return {
    pids: () => ({ etcd: etcd.pid, 'kube-apiserver': server.pid, 'kube-controller-manager': controllers.pid }),
    killServer: () => server.kill(),
    async startServer(flags = options.serverFlags) {
      server = await startServer(flags)
    },
  }
}

function answers(client: Client, path: string): Promise<boolean> {
  return client.request('GET', path).then(
    ({ status }) => status === 200,
    () => false,
  )
}
