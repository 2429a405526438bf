/** Runs a credential plugin: a program that prints an ExecCredential. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { ExecPlugin, Target } from './target.ts'

export interface ExecCredential {
  readonly token: string | undefined
  readonly certificate: { readonly cert: string; readonly key: string } | undefined
  /** Milliseconds since 1970. */
  readonly expires: number | undefined
}

const answer = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
})

/** A plugin that waits for a person, or for a network that is gone, must not hold up everything for ever. */
const longest = 60_000

/** Its stderr is for people and goes where ours goes; its stdout is a secret and goes nowhere. */
export async function runPlugin(plugin: ExecPlugin, target: Pick<Target, 'server' | 'tls'>): Promise<ExecCredential> {
  const said = answer.safeParse(parseJson(await runProgram(plugin, target), plugin.command))
  if (!said.success) throw new Error(`credential plugin '${plugin.command}' printed no ExecCredential`)
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = said.data.status
  if (token === undefined && (cert === undefined || key === undefined))
    throw new Error(`credential plugin '${plugin.command}' printed neither a token nor a certificate with its key`)
  const expires = expirationTimestamp === undefined ? Number.NaN : Date.parse(expirationTimestamp)
  return {
    token,
    certificate: cert === undefined || key === undefined ? undefined : { cert, key },
    expires: Number.isNaN(expires) ? undefined : expires,
  }
}

function runProgram(plugin: ExecPlugin, target: Pick<Target, 'server' | 'tls'>): Promise<string> {
  const { command, args = [], env = [] } = plugin
  const given = Object.fromEntries(env.map(({ name, value }) => [name, value]))
  return new Promise((resolve, reject) => {
    const program = spawn(command, args, {
      env: { ...process.env, ...given, KUBERNETES_EXEC_INFO: JSON.stringify(writeExecInfo(plugin, target)) },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: longest,
    })
    let said = ''
    program.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    program.on('error', error => reject(new Error(`credential plugin '${command}' did not start: ${error.message}`)))
    program.on('close', (code, signal) => {
      if (code === 0) resolve(said)
      else reject(new Error(`credential plugin '${command}' ended with ${code ?? signal}`))
    })
  })
}

function writeExecInfo(plugin: ExecPlugin, { server, tls }: Pick<Target, 'server' | 'tls'>): object {
  const ca = tls.ca.file === undefined ? tls.ca.base64 : readFileSync(tls.ca.file).toString('base64')
  const cluster = {
    server: server.href,
    'tls-server-name': tls.serverName,
    'insecure-skip-tls-verify': tls.insecure,
    'certificate-authority-data': ca,
  }
  return {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin.provideClusterInfo === true && { cluster }) },
  }
}

/** JSON.parse quotes what it could not read, and that may be a token. */
function parseJson(text: string, command: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`credential plugin '${command}' printed no JSON`)
  }
}
