/** Where an API server is and who asks it, for tests that need no kubeconfig. Also for a process of its own. */
import type { Target } from '../../src/cluster/connect/target.ts'
import type { Access } from '../../src/controlplane/client.ts'

export function makeTarget({ url, ca, token }: Pick<Access, 'url' | 'ca' | 'token'>): Target {
  const nothing = { file: undefined, base64: undefined }
  return {
    server: new URL(url),
    namespace: undefined,
    tls: {
      ca: { file: undefined, base64: Buffer.from(ca).toString('base64') },
      cert: nothing,
      key: nothing,
      serverName: undefined,
      insecure: false,
    },
    proxy: undefined,
    identity: { by: 'token', token },
    impersonate: undefined,
  }
}
