/** Which watches an operator needs, by its settings and its configuration. Asked again, it starts what is missing. */
import type { Configuration } from '../api/configuration.ts'
import type { OperatorSettings } from '../api/operator-settings.ts'
import { resources } from '../live/resources.ts'
import { readSeen } from '../live/seen.ts'
import { dnsNamespaces, openShiftDns } from '../live/shared.ts'
import type { Definition } from './definition.ts'
import type { Watch, Watches } from './watches.ts'
import type { World } from './world.ts'

export interface Scope {
  readonly watches: Watches
  readonly world: World
  readonly definition: Definition
  readonly settings: OperatorSettings
  readonly configuration: Configuration
}

/** Those of DNS, which this configuration counts on. */
export function watchAll(scope: Scope): readonly Watch[] {
  const { watches, world, definition, settings, configuration } = scope
  const namespaces = settings.namespaces.length > 0 ? settings.namespaces : [undefined]
  for (const namespace of namespaces) {
    const { deployments, statefulSets, daemonSets, appTiers, networkPolicies } = resources
    for (const what of [deployments, statefulSets, daemonSets])
      watches.start({ what, namespace, project: readSeen, onChange: world.takeObject })
    watches.start({
      what: appTiers,
      namespace,
      project: readSeen,
      onChange: world.takeObject,
      onState: ({ state }) => {
        if (state().name === 'not-served') definition.setServed(false)
        if (state().name === 'watching') definition.setServed(true)
      },
    })
    watches.start({ what: networkPolicies, namespace, project: world.readPolicy, onChange: world.takePolicy })
    watches.start({
      what: resources.namespaces,
      namespace,
      project: readSeen,
      onChange: change => {
        world.takeNamespace(change)
        if (change.type === 'added' && change.key === openShiftDns) watchDns(scope, openShiftDns, true)
      },
    })
  }
  const dns = dnsNamespaces(configuration, []).flatMap(namespace => watchDns(scope, namespace))
  watches.start({
    what: resources.apiServerSlices,
    namespace: 'default',
    project: readSeen,
    onChange: world.takeShared,
  })
  return dns
}

function watchDns({ watches, world }: Scope, namespace: string, onHearsay = false): readonly Watch[] {
  return [resources.services, resources.dnsSlices].map(what =>
    watches.start({ what, namespace, project: readSeen, onChange: world.takeShared, onHearsay }),
  )
}
