/** Asks the cluster where the Lease is to be kept, and says so where that is not the operator's own namespace. */
import { type Connection, isStatus, type Log, pathOf } from '../../cluster/index.ts'
import { placeLease } from '../../live/place-lease.ts'
import { resources } from '../../live/resources.ts'

export async function chooseLeaseNamespace(
  { request, namespace: contextNamespace }: Connection,
  operatorNamespace: string,
  log: Log,
): Promise<string> {
  const reply = await request({
    method: 'GET',
    path: pathOf(resources.namespaces, { name: operatorNamespace }),
    attempts: 1,
  })
  const isMissing = !reply.ok && isStatus(reply.failure, 404)
  const place = placeLease({ operatorNamespace, isMissing, contextNamespace })
  if (isMissing)
    log.warn(
      { operatorNamespace, instead: place },
      'the operator namespace is not there: the Lease is kept elsewhere; name one with --operator-namespace',
    )
  return place
}
