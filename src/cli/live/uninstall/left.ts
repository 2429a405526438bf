/** What of Tierwall stays in a cluster when its policies are gone, each with the command that removes it. */
import type { Send } from '../../../cluster/index.ts'
import { lookForRemains } from '../../../doctor/index.ts'

export async function describeLeftovers(send: Send, operatorNamespace: string): Promise<readonly string[]> {
  const remains = await lookForRemains(send, operatorNamespace)
  const found = remains
    .filter(({ isThere }) => isThere !== false)
    .map(({ what, remove, isThere }) => `${what}${isThere ? '' : ', if they are there (you may not look)'}: ${remove}`)
  return [...found, 'annotations tierwall.dev/… on workloads and namespaces, which mean nothing to anybody else']
}
