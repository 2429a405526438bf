/** The configuration that the operator goes by, where it was read, and what is wrong with it. */
import { parse } from 'yaml'
import { type Configuration, defaultConfiguration, readConfiguration } from '../api/configuration.ts'
import { problemAt } from '../api/problem.ts'
import type { Resource } from '../cluster/resource.ts'
import type { Configured, Look, Settings } from './facts.ts'

export const configMaps: Resource = { group: '', version: 'v1', plural: 'configmaps' }
export const configMapName = 'tierwall-config'
const key = 'config.yaml'

export function readConfigMap(namespace: string, settings: Settings | undefined): Configured {
  const nothing = { from: undefined, configuration: defaultConfiguration, problems: [] }
  if (settings === undefined) return nothing
  const from = `ConfigMap ${namespace}/${configMapName}`
  if (!Object.hasOwn(settings, key)) return nothing
  const read = readText(settings[key] ?? '')
  return { from, ...read }
}

function readText(text: string): Pick<Configured, 'configuration' | 'problems'> {
  const json = parseYaml(text)
  if ('wrong' in json)
    return {
      configuration: defaultConfiguration,
      problems: [problemAt(sourceAt([]), 'configuration-invalid', `${key} is no YAML: ${json.wrong}`, 'correct it')],
    }
  const { configuration, faults } = readConfiguration(json.value)
  const problems = faults.map(({ path, fault: { code, message, fix } }) =>
    problemAt(sourceAt(path), code, message, fix),
  )
  return { configuration, problems }
}

const sourceAt = (path: readonly (string | number)[]) => ({ said: 'configuration', path }) as const

function parseYaml(text: string): { readonly value: unknown } | { readonly wrong: string } {
  try {
    return { value: parse(text) }
  } catch (error) {
    return { wrong: error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error) }
  }
}

/** Where it could not be seen, the defaults are what most clusters have. */
export function configurationOf(configured: Look<Configured> | undefined): Configuration {
  return configured && 'seen' in configured ? configured.seen.configuration : defaultConfiguration
}
