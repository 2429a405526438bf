/** A failure on the way to the API server → one sentence on what is wrong, and what to set or do. */
import type { Failure } from '../cluster/index.ts'
import type { Trouble } from '../report/world/name.ts'

export interface Circumstances {
  readonly options: { readonly kubeconfig?: string }
  readonly server?: string
}

export function explainFailure(failure: Failure, { options, server = 'the API server' }: Circumstances): Trouble {
  const file = nameKubeconfig(options)
  switch (failure.kind) {
    case 'access':
      return { message: failure.message, fix: fixAccess(failure.message, file) }
    case 'network':
      return explainNetwork(failure.code, failure.message, server, file)
    case 'timeout':
    case 'cancelled':
    case 'late': {
      const fix = `check its address in ${file} and the way to it (VPN, proxy), or log in with kubectl if that asks you something`
      return { message: `${server} gave no answer in time`, fix }
    }
    case 'parse':
      return { message: `what answers at ${server} is no Kubernetes API server`, fix: `check its address in ${file}` }
    case 'status':
      return explainStatus(failure.code, failure.message, server, file)
  }
}

function fixAccess(message: string, file: string): string {
  if (message.startsWith('credential plugin')) return `install it, or correct the user in ${file}`
  if (/\bcontext\b/.test(message)) return `kubectl config get-contexts lists those of ${file}`
  return `name a file with --kubeconfig, or correct ${file}`
}

const certificateFaults: readonly (readonly [RegExp, string])[] = [
  [/^CERT_HAS_EXPIRED$/, 'has expired'],
  [/^CERT_NOT_YET_VALID$/, 'is not valid yet: is the clock of this machine right?'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'is for another name or address'],
  [/SELF_SIGNED|ISSUER_CERT|LEAF_SIGNATURE|^CERT_/, 'is not signed by the authority that is expected'],
]

function explainNetwork(code: string, message: string, server: string, file: string): Trouble {
  const fault = certificateFaults.find(([codes]) => codes.test(code))
  if (fault)
    return {
      message: `the certificate of ${server} ${fault[1]}`,
      fix: `correct the address, certificate-authority or tls-server-name in ${file}`,
    }
  if (code === 'ENOENT' || code === 'EACCES')
    return { message: `a file that ${file} names cannot be read: ${message}`, fix: 'check its path and its rights' }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return { message: `the name of ${server} is not known`, fix: `check it in ${file}, and the way to it (VPN, DNS)` }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO' || code.startsWith('ERR_OSSL'))
    return {
      message: `no TLS connection to ${server} could be made: ${message}`,
      fix: `check its address, and the certificate and key of the user, in ${file}`,
    }
  const refused = code === 'ECONNREFUSED' ? 'refuses connections' : `cannot be reached: ${message}`
  return { message: `${server} ${refused}`, fix: `check that it runs, its address in ${file}, and --context` }
}

function explainStatus(code: number, message: string, server: string, file: string): Trouble {
  if (code === 401 || (code === 403 && isAnonymous(message)))
    return {
      message: `${server} does not accept who you are (${code})`,
      fix: `log in again, or correct the user in ${file}`,
    }
  if (code === 403)
    return {
      message: `you may not do this: ${message}`,
      fix: 'ask for the right, or name another --context or -n NAMESPACE',
    }
  return { message: `${server} answers ${code}: ${message}`, fix: 'try again, or look at the log of the API server' }
}

/** Who shows no credential that the server knows. */
export function isAnonymous(message: string): boolean {
  return message.includes('"system:anonymous"')
}

function nameKubeconfig({ kubeconfig }: Circumstances['options']): string {
  return kubeconfig ?? (process.env.KUBECONFIG || '~/.kube/config')
}
