/** A function's configuration: a Tierwall Configuration, or a ConfigMap that holds one as text under `config`. */
import { z } from 'zod'
import { type Configuration, readConfiguration } from '../../api/configuration.ts'
import { type Problem, problemAt } from '../../api/problem.ts'
import type { FieldPath } from '../../api/source.ts'
import { readDocument } from '../../manifests/document.ts'
import { splitDocuments } from '../../manifests/split.ts'

export interface FunctionConfiguration {
  readonly configuration: Configuration
  readonly problems: readonly Problem[]
}

const configMap = z.looseObject({
  kind: z.literal('ConfigMap'),
  data: z.looseObject({ config: z.string().optional() }).nullish(),
})

export function readFunctionConfig(functionConfig: unknown): FunctionConfiguration {
  const map = configMap.safeParse(functionConfig)
  if (map.success) return readText(map.data.data?.config ?? '')
  return readChecked(functionConfig)
}

function readText(text: string): FunctionConfiguration {
  const [document] = splitDocuments('config', text)
  const json = document ? readDocument(document) : { value: {} }
  if ('value' in json) return readChecked(json.value)
  const { message, fix } = json.fault
  const problem = problemAt({ said: 'configuration', path: [] }, 'configuration-invalid', message, fix)
  return { configuration: readConfiguration({}).configuration, problems: [problem] }
}

function readChecked(json: unknown): FunctionConfiguration {
  const { configuration, faults } = readConfiguration(json)
  const at = (path: FieldPath) => ({ said: 'configuration', path }) as const
  return {
    configuration,
    problems: faults.map(({ path, fault }) => problemAt(at(path), fault.code, fault.message, fault.fix)),
  }
}
