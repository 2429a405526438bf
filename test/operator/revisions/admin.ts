/** The cluster's admin: writes the configuration that operators follow, and notes since when it holds. */
import type { Client } from '../../../src/controlplane/client.ts'
import { read } from '../../controlplane/read.ts'
import { type ChangingFile, makeChangingFile } from '../config-file.ts'
import { type Configured, configuredAs } from './configured.ts'
import { versioned } from './marker.ts'

export interface Admin {
  readonly path: ChangingFile['path']
  readonly said: readonly Configured[]
  readonly configure: (configuration: object) => Promise<void>
  readonly clear: () => void
}

export function makeAdmin(client: Client): Admin {
  const file = makeChangingFile({})
  const said: Configured[] = []
  return {
    path: file.path,
    said,
    async configure(configuration) {
      const { metadata } = await read(client, '/api/v1/namespaces?limit=1', versioned)
      said.push(configuredAs(configuration, metadata.resourceVersion, performance.now()))
      // An operator that reads while somebody writes in place finds half of it.
      file.turnLink(configuration)
    },
    clear: file.clear,
  }
}
