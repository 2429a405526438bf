/** Where the API server answers: the endpoints of default/kubernetes, else what the configuration says. */
import { readAddress } from '../api/cidr.ts'
import type { Configuration } from '../api/configuration.ts'
import { compareText } from '../api/order.ts'
import type { Snapshot } from '../intent/snapshot.ts'

export interface Endpoint {
  readonly address: string
  readonly port: number
}

export const serviceNameLabel = 'kubernetes.io/service-name'

export function apiServerEndpoints({ endpointSlices, configuration }: Snapshot): readonly Endpoint[] {
  const found = endpointSlices
    .filter(
      ({ metadata }) =>
        metadata.namespace === 'default' &&
        (metadata.labels[serviceNameLabel] === 'kubernetes' || metadata.name === 'kubernetes'),
    )
    .flatMap(({ endpoints, ports }) =>
      endpoints.flatMap(({ addresses }) =>
        addresses.flatMap(text => {
          const address = readAddress(text)?.text
          return address ? ports.flatMap(({ port }) => (port ? [{ address, port }] : [])) : []
        }),
      ),
    )
  const endpoints = found.length > 0 ? found : configuredEndpoints(configuration)
  const unique = new Map(endpoints.map(endpoint => [`${endpoint.address} ${endpoint.port}`, endpoint]))
  return [...unique].sort(([a], [b]) => compareText(a, b)).map(([, endpoint]) => endpoint)
}

function configuredEndpoints({ kubeApiserver }: Configuration): Endpoint[] {
  return kubeApiserver.endpoints.map(({ address, port }) => ({ address: readAddress(address)?.text ?? address, port }))
}
