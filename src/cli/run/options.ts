/** The flags and the environment over the configuration file, checked together. */
import { type Configuration, isolationModes } from '../../api/configuration.ts'
import { namespaceText, operatorSettings } from '../../api/operator-settings.ts'
import { nearest } from '../../api/peers.ts'
import type { Trouble } from '../../report/world/name.ts'
import { type ConfigurationFile, readConfigurationFile } from '../configuration.ts'

/** As commander gives them; all of them are text. */
export interface RunOptions {
  readonly kubeconfig?: string
  readonly context?: string
  readonly config?: string
  readonly namespaces?: string
  readonly isolation?: string
  readonly adopt?: boolean
  readonly removalDelay?: string
  readonly operatorNamespace?: string
  readonly leaseDuration?: string
  readonly renewDeadline?: string
  readonly retryPeriod?: string
  readonly health?: string
  readonly metrics?: string
  readonly logLevel?: string
  readonly logFormat?: string
}

type Environment = Readonly<Record<string, string | undefined>>

export async function readRunConfiguration(
  options: RunOptions,
  environment: Environment,
): Promise<ConfigurationFile | { readonly trouble: Trouble }> {
  const misspelled = findMisspelled(environment)
  if (misspelled) return { trouble: misspelled }
  const read = await readConfigurationFile(options.config)
  if (read.problems.length > 0) return read
  const merged = withOptions(read.configuration, options, environment)
  return 'trouble' in merged ? merged : { ...read, configuration: merged.configuration }
}

export function withOptions(
  configuration: Configuration,
  options: RunOptions,
  environment: Environment,
): { readonly configuration: Configuration } | { readonly trouble: Trouble } {
  const { operator } = configuration
  const settings = operatorSettings.safeParse({
    ...operator,
    // An empty name is refused: who names none by mistake does not mean all of them.
    ...given('namespaces', options.namespaces?.split(',')),
    ...given('adopt', options.adopt ?? readSwitch(environment.TIERWALL_ADOPT)),
    ...given('removalDelay', seconds(options.removalDelay)),
    ...given('health', options.health),
    ...given('metrics', options.metrics),
    log: { ...operator.log, ...given('level', options.logLevel), ...given('format', options.logFormat) },
    lease: {
      ...operator.lease,
      ...given('duration', seconds(options.leaseDuration)),
      ...given('renewDeadline', seconds(options.renewDeadline)),
      ...given('retryPeriod', seconds(options.retryPeriod)),
    },
  })
  if (!settings.success) {
    const [issue] = settings.error.issues
    const field = issue?.path.join('.') ?? ''
    return { trouble: { message: `${field}: ${issue?.message}`, fix: 'see tierwall run --help' } }
  }
  const isolation = isolationModes.find(mode => mode === options.isolation) ?? configuration.isolation
  // Where a pod runs it knows from Kubernetes.
  const operatorNamespace = namespaceText.safeParse(
    options.operatorNamespace ?? environment.POD_NAMESPACE ?? configuration.operatorNamespace,
  )
  if (!operatorNamespace.success) {
    const message = `operatorNamespace: ${operatorNamespace.error.issues[0]?.message}`
    return { trouble: { message, fix: 'see tierwall run --help' } }
  }
  return {
    configuration: { ...configuration, isolation, operatorNamespace: operatorNamespace.data, operator: settings.data },
  }
}

function given<T>(key: string, value: T | undefined): Readonly<Record<string, T>> {
  return value === undefined ? {} : { [key]: value }
}

/** What is neither is left for the schema to refuse: commander would take any text for yes. */
function readSwitch(text: string | undefined): boolean | string | undefined {
  if (text === undefined || text === '') return undefined
  return text === 'true' ? true : text === 'false' ? false : text
}

/** What is no number is left for the schema to refuse. */
function seconds(text: string | undefined): number | string | undefined {
  if (text === undefined) return undefined
  const number = Number(text.replace(/s$/, ''))
  return text.trim() === '' || Number.isNaN(number) ? text : number
}

const variables = [
  'ADOPT',
  'CONFIG',
  'CONTEXT',
  'DEBUG',
  'HEALTH',
  'ISOLATION',
  'LEASE_DURATION',
  'LOG_FORMAT',
  'LOG_LEVEL',
  'METRICS',
  'NAMESPACES',
  'OPERATOR_NAMESPACE',
  'REMOVAL_DELAY',
  'RENEW_DEADLINE',
  'RETRY_PERIOD',
].map(name => `TIERWALL_${name}`)

/** Kubernetes itself sets some for a Service named tierwall-…, which mean nothing here. */
const ofServices = /_(SERVICE_HOST|SERVICE_PORT|PORT)(_|$)/

function findMisspelled(environment: Environment): Trouble | undefined {
  const unknown = Object.keys(environment)
    .filter(name => name.startsWith('TIERWALL_') && !variables.includes(name) && !ofServices.test(name))
    .sort()
  const [first] = unknown
  if (first === undefined) return undefined
  const near = nearest(first, variables)
  const fix = near ? `did you mean ${near}?` : `take it away, or write one of ${variables.join(', ')}`
  return { message: `the environment has ${first}, which means nothing to Tierwall`, fix }
}
