/** Where the Lease is kept: outside a cluster Tierwall may not be installed, so that its namespace is not there. */
import { type Connection, isStatus, type Log, pathOf } from '../../cluster/index.ts'
import { resources } from '../../live/resources.ts'

export async function chooseLeaseNamespace(
  { request, namespace }: Connection,
  operatorNamespace: string,
  log: Log,
): Promise<string> {
  const reply = await request({
    method: 'GET',
    path: pathOf(resources.namespaces, { name: operatorNamespace }),
    attempts: 1,
  })
  if (reply.ok || !isStatus(reply.failure, 404)) return operatorNamespace
  const instead = namespace ?? 'default'
  log.warn(
    { operatorNamespace, instead },
    'the operator namespace is not there: the Lease is kept elsewhere; name one with --operator-namespace',
  )
  return instead
}
