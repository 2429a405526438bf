/** The configuration that counts in a cluster: the file that the user names, else what the operator goes by. */
import type { Configuration } from '../../api/configuration.ts'
import { isWritten, namespaceName } from '../../api/formats.ts'
import type { Send } from '../../cluster/index.ts'
import { configMapName, configMaps, readConfigMap } from '../../doctor/configured.ts'
import { lookAt } from '../../doctor/look.ts'
import { readSettings } from '../../doctor/shapes.ts'
import type { Trouble } from '../../report/world/name.ts'
import { type ConfigurationFile, readConfigurationFile } from '../configuration.ts'
import type { LiveOptions } from './options.ts'

export interface LiveConfiguration extends ConfigurationFile {
  /** What a person should know of where it comes from. */
  readonly notes: readonly string[]
}

export async function readLiveConfiguration(
  send: Send,
  { config, operatorNamespace: said }: Pick<LiveOptions, 'config' | 'operatorNamespace'>,
): Promise<LiveConfiguration | { readonly trouble: Trouble }> {
  if (said !== undefined && !isWritten(said, namespaceName))
    return { trouble: { message: `'${said}' cannot be a namespace`, fix: `write ${namespaceName.means}` } }
  const file = await readConfigurationFile(config)
  const { configuration } = file
  const operatorNamespace = said ?? configuration.operatorNamespace
  const within = (configuration: Configuration): Configuration => ({ ...configuration, operatorNamespace })
  if (config !== undefined) return { ...file, configuration: within(configuration), notes: [] }
  const look = await lookAt(send, configMaps, { namespace: operatorNamespace, name: configMapName }, readSettings)
  if ('unseen' in look) {
    const note = `the operator's configuration could not be seen (${look.unseen}), so what holds without one is taken`
    return { ...file, configuration: within(configuration), notes: [note] }
  }
  const read = readConfigMap(operatorNamespace, look.seen)
  return { ...file, configuration: within(read.configuration), problems: read.problems, notes: [] }
}
