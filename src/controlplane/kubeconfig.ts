/** Who one is for the API server, and the kubeconfig that says so. */
import { stringify } from 'yaml'
import type { Certificate } from './certificates.ts'

export type Identity = { readonly token: string } | Certificate

export interface Server {
  readonly url: string
  /** Of the authority that signed the server's certificate, in PEM. */
  readonly ca: string
}

export function writeKubeconfig({ url, ca }: Server, identity: Identity): string {
  const name = 'tierwall'
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: url, 'certificate-authority-data': toBase64(ca) } }],
    users: [{ name, user: writeIdentity(identity) }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  })
}

function writeIdentity(identity: Identity): Readonly<Record<string, string>> {
  if ('token' in identity) return { token: identity.token }
  return {
    'client-certificate-data': toBase64(identity.certificate),
    'client-key-data': toBase64(identity.key),
  }
}

const toBase64 = (text: string) => Buffer.from(text).toString('base64')
