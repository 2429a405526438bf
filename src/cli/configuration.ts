/** The configuration file → the configuration, its problems, and the place of its fields. */
import { type Configuration, defaultConfiguration, readConfiguration } from '../api/configuration.ts'
import { type Fault, type Problem, problemAt } from '../api/problem.ts'
import { makeLocator, type Place, placeOfFault, readDocument } from '../manifests/document.ts'
import { splitDocuments } from '../manifests/split.ts'
import type { Locate } from '../report/problems/index.ts'
import { readTextFile } from './text-file.ts'

export interface ConfigurationFile {
  readonly configuration: Configuration
  readonly problems: readonly Problem[]
  readonly locate: Locate
}

const nothing: ConfigurationFile = { configuration: defaultConfiguration, problems: [], locate: () => undefined }

export async function readConfigurationFile(file: string | undefined): Promise<ConfigurationFile> {
  if (file === undefined) return nothing
  const read = await readTextFile(file)
  if ('fault' in read) return refused({ file, line: read.fault.line, column: 1 }, read.fault)
  return readConfigurationText(file, read.text)
}

function refused(place: Place, { message, fix }: Pick<Fault, 'message' | 'fix'>): ConfigurationFile {
  return { ...nothing, problems: [problemAt({ said: 'file', ...place }, 'configuration-invalid', message, fix)] }
}

function readConfigurationText(file: string, text: string): ConfigurationFile {
  const [document, second] = splitDocuments(file, text.replace(/^\uFEFF/, ''))
  if (!document) return nothing
  if (second)
    return refused(
      { file, line: second.line, column: second.column },
      { message: 'this is a second document', fix: 'write one configuration' },
    )
  const json = readDocument(document)
  if ('fault' in json) return refused(placeOfFault(document, json.fault), json.fault)
  const locator = makeLocator()
  const { configuration, faults } = readConfiguration(json.value)
  return {
    configuration,
    problems: faults.map(({ path, fault: { code, message, fix, span } }) =>
      problemAt({ said: 'file', ...locator.placeOf(document, path, span) }, code, message, fix),
    ),
    // `dns` alone means what holds where the configuration says nothing of DNS.
    locate: source =>
      source.said === 'configuration' && source.path.join() !== 'dns'
        ? locator.placeOf(document, source.path)
        : undefined,
  }
}
