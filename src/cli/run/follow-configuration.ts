/** Reads the configuration file again when it changes; what is wrong is told, and what was there before goes on. */
import { type Stats, unwatchFile, watchFile } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { Configuration } from '../../api/configuration.ts'
import { type Log, messageOf } from '../../cluster/index.ts'
import { problemsAsText } from '../../report/problems/index.ts'
import { readConfigurationFile } from '../configuration.ts'
import { type RunOptions, withOptions } from './options.ts'

export interface Following {
  readonly configuration: Configuration
  readonly log: Log
  readonly onChange: (configuration: Configuration) => void
  readonly onRead?: (ok: boolean) => void
}

/** A ConfigMap's file is a link that is turned elsewhere, which only looking at it shows on every system. */
const interval = 1_000

export function followConfiguration(
  options: RunOptions,
  { configuration, log, onChange, onRead }: Following,
): () => void {
  const { config: file } = options
  if (file === undefined) return () => {}
  let settings = JSON.stringify(configuration.operator)
  const read = async (before?: Configuration) => {
    const { configuration: next, problems, locate } = await readConfigurationFile(file)
    const merged = problems.length > 0 ? undefined : withOptions(next, options, process.env)
    const wrong =
      merged === undefined
        ? problemsAsText(problems, locate, (_, text) => text).trim()
        : 'trouble' in merged
          ? merged.trouble.message
          : undefined
    if (merged && 'configuration' in merged && isDeepStrictEqual(merged.configuration, before)) return
    onRead?.(wrong === undefined)
    if (wrong !== undefined || merged === undefined || 'trouble' in merged) {
      log.error({ file, wrong }, 'the configuration is wrong, so the one before stays in force')
      return
    }
    if (JSON.stringify(merged.configuration.operator) !== settings) {
      settings = JSON.stringify(merged.configuration.operator)
      log.warn({ file }, 'what stands under operator takes effect when Tierwall is started again')
    }
    log.info({ file }, 'the configuration was read again')
    onChange(merged.configuration)
  }
  const tryToRead = (before?: Configuration) => {
    read(before).catch(error => log.error({ file, error: messageOf(error) }, 'the configuration could not be read'))
  }
  const listener = (now: Stats, before: Stats) => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) tryToRead()
  }
  watchFile(file, { interval }, listener)
  // Between the first reading and now a connection was made: what changed meanwhile nobody would tell of.
  tryToRead(configuration)
  return () => unwatchFile(file, listener)
}
