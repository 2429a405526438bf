/** Plain requests to the API server as one identity, and further identities. */
import { Agent, type Dispatcher, request } from 'undici'
import { z } from 'zod'
import { type Certificate, issueForUser, type User } from './certificates.ts'
import { type Identity, type Server, writeKubeconfig } from './kubeconfig.ts'

/** All that another process needs to use a control plane as its admin; plain values. */
export interface Access extends Server {
  readonly token: string
  readonly authority: Certificate
  readonly kubeconfigFile: string
  /** The processes' folder, with a log of each. */
  readonly dataDir: string
  readonly auditLog?: string
}

export interface Answer {
  readonly status: number
  /** JSON where it is JSON, else text. */
  readonly body: unknown
}

export interface RequestOptions {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface ServiceAccount {
  readonly namespace: string
  readonly name: string
  /** At least 600. */
  readonly seconds?: number
}

export interface Client {
  request(method: Dispatcher.HttpMethod, path: string, options?: RequestOptions): Promise<Answer>
  /** Of a service account that exists. */
  tokenFor(account: ServiceAccount): Promise<string>
  certificateFor(user: User): Promise<Certificate>
  kubeconfigFor(identity: Identity): string
  close(): Promise<void>
}

export function connect(access: Access, identity: Identity = { token: access.token }): Client {
  const credentials = 'token' in identity ? {} : { cert: identity.certificate, key: identity.key }
  const agent = new Agent({ connect: { ca: access.ca, ...credentials } })
  const authorization: Record<string, string> = 'token' in identity ? { authorization: `Bearer ${identity.token}` } : {}
  const client: Client = {
    async request(method, path, { body, headers = {} } = {}) {
      const { statusCode, body: answer } = await request(access.url + path, {
        method,
        dispatcher: agent,
        headers: { accept: 'application/json', 'content-type': 'application/json', ...authorization, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: statusCode, body: readBody(await answer.text()) }
    },
    tokenFor: account => requestToken(client, account),
    certificateFor: user => issueForUser(access.authority, user),
    kubeconfigFor: identity => writeKubeconfig(access, identity),
    close: () => agent.destroy(),
  }
  return client
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const tokenAnswer = z.object({ status: z.object({ token: z.string() }) })

async function requestToken(client: Client, { namespace, name, seconds = 3600 }: ServiceAccount): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`
  const { status, body } = await client.request('POST', path, {
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: seconds } },
  })
  if (status !== 201) throw new Error(`no token for ${namespace}/${name}: ${JSON.stringify(body)}`)
  return tokenAnswer.parse(body).status.token
}
