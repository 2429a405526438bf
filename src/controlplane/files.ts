/** What the three programs read, written into their folder; what comes out lets one in. */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { issueForServer, issueForUser, makeAuthority, makeSigningKey } from './certificates.ts'
import type { Access } from './client.ts'
import { files } from './flags.ts'
import { writeKubeconfig } from './kubeconfig.ts'

const masters = 'system:masters'

const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
}

export async function writeFiles(dataDir: string, port: number, audit: boolean): Promise<Access> {
  const authority = await makeAuthority()
  const certificate = await issueForServer(authority)
  const controllers = await issueForUser(authority, { user: 'system:kube-controller-manager', groups: [masters] })
  const token = randomBytes(16).toString('hex')
  const server = { url: `https://127.0.0.1:${port}`, ca: authority.certificate }
  const texts = {
    [files.authority]: authority.certificate,
    [files.serverCertificate]: certificate.certificate,
    [files.serverKey]: certificate.key,
    [files.tokens]: `${token},admin,admin,${masters}\n`,
    [files.signingKey]: makeSigningKey(),
    [files.auditPolicy]: stringify(auditPolicy),
    [files.controllersKubeconfig]: writeKubeconfig(server, controllers),
    [files.adminKubeconfig]: writeKubeconfig(server, { token }),
  }
  for (const [name, text] of Object.entries(texts)) await writeFile(join(dataDir, name), text, { mode: 0o600 })
  return {
    ...server,
    token,
    authority,
    kubeconfigFile: join(dataDir, files.adminKubeconfig),
    dataDir,
    ...(audit ? { auditLog: join(dataDir, files.auditLog) } : {}),
  }
}
