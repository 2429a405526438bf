/** How a TLS connection to the API server is made: files are read anew each time, since they are renewed in place. */
import { readFileSync } from 'node:fs'
import { buildConnector } from 'undici'
import type { Credential } from './credentials.ts'
import type { FileOrBase64, TlsSource } from './target.ts'

export interface TlsMaterial {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly servername?: string
  readonly rejectUnauthorized?: boolean
}

/** A peer that is gone without a word is noticed after this long and ten seconds of probes. */
const probeAfter = 15_000

export function readMaterial(source: TlsSource, certificate: Credential['certificate']): TlsMaterial {
  const ca = readPem(source.ca)
  const cert = certificate?.cert ?? readPem(source.cert)
  const key = certificate?.key ?? readPem(source.key)
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(source.serverName !== undefined && { servername: source.serverName }),
    ...(source.insecure && { rejectUnauthorized: false }),
  }
}

/** One connector for as long as the material stays the same: it remembers TLS sessions, which makes connecting cheaper. */
export function makeConnector(read: () => TlsMaterial): buildConnector.connector {
  let known: { readonly material: string; readonly connect: buildConnector.connector } | undefined
  return (options, callback) => {
    try {
      const material = read()
      const text = JSON.stringify(material)
      if (known?.material !== text) {
        const connect = buildConnector({
          ...material,
          allowH2: false,
          keepAlive: true,
          keepAliveInitialDelay: probeAfter,
        })
        known = { material: text, connect }
      }
      known.connect(options, callback)
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)), null)
    }
  }
}

function readPem({ file, base64 }: FileOrBase64): string | undefined {
  if (file !== undefined) return readFileSync(file, 'utf8')
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8')
}
