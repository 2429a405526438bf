/** An authority of its own and what it signs: so any user can be had at any time, and nothing waits for RSA keys. */
import 'reflect-metadata'
import { generateKeyPairSync, webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** Both in PEM. */
export interface Certificate {
  readonly certificate: string
  readonly key: string
}

/** Groups are what RBAC sees them as: `system:masters` may do everything. */
export interface User {
  readonly user: string
  readonly groups?: readonly string[]
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const { subtle } = webcrypto

export async function makeAuthority(): Promise<Certificate> {
  const keys = await makeKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ['tierwall control plane'] }],
    keys,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true),
    ],
  })
  return { certificate: certificate.toString('pem'), key: await writeKey(keys.privateKey) }
}

export function issueForServer(authority: Certificate): Promise<Certificate> {
  return issue(
    authority,
    [{ CN: ['kube-apiserver'] }],
    [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'ip', value: '127.0.0.1' },
        { type: 'dns', value: 'localhost' },
        { type: 'dns', value: 'kubernetes.default.svc' },
      ]),
    ],
  )
}

/** Kubernetes reads the common name as the user and the organizations as groups. */
export function issueForUser(authority: Certificate, { user, groups = [] }: User): Promise<Certificate> {
  const organizations = groups.map(group => ({ O: [group] }))
  return issue(
    authority,
    [...organizations, { CN: [user] }],
    [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
  )
}

async function issue(authority: Certificate, subject: JsonName, extensions: Extension[]): Promise<Certificate> {
  const keys = await makeKeys()
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: new X509Certificate(authority.certificate).subject,
    publicKey: keys.publicKey,
    signingKey: await readKey(authority.key),
    signingAlgorithm: algorithm,
    ...validity(),
    extensions,
  })
  return { certificate: certificate.toString('pem'), key: await writeKey(keys.privateKey) }
}

const day = 24 * 60 * 60 * 1000

function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 30 * day) }
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

const pemLabel = 'PRIVATE KEY'

async function writeKey(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await subtle.exportKey('pkcs8', key), pemLabel)
}

function readKey(pem: string): Promise<webcrypto.CryptoKey> {
  return subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), algorithm, false, ['sign'])
}

/** What service account tokens are signed with; the API server takes the public key out of it, which it cannot from PKCS #8. */
export function makeSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return privateKey
}
