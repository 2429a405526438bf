/** What the offline commands have in common: their options, and the input that these name. */
import { type Command, Option } from 'commander'
import { isWritten, namespaceName } from '../api/formats.ts'
import type { Problem } from '../api/problem.ts'
import { type Decision, decide, sortProblems } from '../engine.ts'
import { readFiles } from '../manifests/files.ts'
import type { Manifests } from '../manifests/index.ts'
import { loadManifests } from '../manifests/load.ts'
import type { Locate } from '../report/problems/index.ts'
import type { Trouble } from '../report/world/name.ts'
import { readConfigurationFile } from './configuration.ts'
import { readStdin } from './terminal.ts'

export interface InputOptions {
  readonly filename?: string[]
  readonly config?: string
  readonly namespace: string
}

export function withInput(command: Command): Command {
  return command
    .addOption(new Option('-f, --filename <path...>', 'manifests: files, folders, or - for stdin; may be repeated'))
    .addOption(new Option('--config <file>', "the cluster admin's configuration"))
    .addOption(new Option('-n, --namespace <namespace>', 'for objects and names without one').default('default'))
}

export interface Input {
  readonly decision: Decision
  /** Of the files, the configuration and the decision. */
  readonly problems: readonly Problem[]
  readonly locate: Locate
}

export async function readInput(
  options: InputOptions,
): Promise<{ readonly input: Input } | { readonly trouble: Trouble }> {
  const read = await readManifestsOf(options)
  if ('trouble' in read) return read
  const { manifests } = read
  const { configuration, problems, locate } = await readConfigurationFile(options.config)
  const decision = decide(manifests.objects, configuration)
  return {
    input: {
      decision,
      problems: sortProblems([...problems, ...manifests.problems, ...decision.problems]),
      locate: source => (source.said === 'configuration' ? locate(source) : manifests.locate(source)),
    },
  }
}

export interface ManifestOptions extends Pick<InputOptions, 'filename' | 'namespace'> {
  /** A folder without manifests is an answer, not a slip. */
  readonly mayBeEmpty?: boolean
}

export async function readManifestsOf({
  filename: paths = [],
  namespace,
  mayBeEmpty = false,
}: ManifestOptions): Promise<{ readonly manifests: Manifests } | { readonly trouble: Trouble }> {
  if (paths.length === 0)
    return {
      trouble: { message: 'no manifests are given', fix: 'name files or folders with -f, or pipe them in with -f -' },
    }
  if (!isWritten(namespace, namespaceName))
    return { trouble: { message: `'${namespace}' cannot be a namespace`, fix: `write ${namespaceName.means}` } }
  const manifests = await loadManifests(paths, { readStdin, defaultNamespace: namespace })
  const isEmpty = manifests.objects.length === 0 && manifests.problems.length === 0
  if (isEmpty && !mayBeEmpty && !(await hasFiles(paths)))
    return {
      trouble: {
        message: `there are no manifests in ${paths.join(', ')}`,
        fix: 'name a folder with .yaml, .yml or .json files',
      },
    }
  return { manifests }
}

async function hasFiles(paths: readonly string[]): Promise<boolean> {
  for await (const _ of readFiles(paths, async () => new Uint8Array())) return true
  return false
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error')
}
