/** How the operator itself runs: the `operator` part of the configuration file. */
import { z } from 'zod'
import { isWritten, namespaceName } from './formats.ts'

export const namespaceText = z
  .string()
  .refine(name => isWritten(name, namespaceName), `expected ${namespaceName.means}`)

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export const logFormats = ['auto', 'json', 'text'] as const

const seconds = (least: number, most: number) => z.number().min(least).max(most)

/** What YAML 1.1, and so Kubernetes, makes of `off` without quotes. */
export const unquotedOff = (value: unknown): unknown => (value === false ? 'off' : value)

/** `:8080`, `127.0.0.1:8080`, `[::1]:8080`; `off` for none. */
const listenAddress = z
  .string()
  .regex(/^(off|((\[[0-9a-fA-F:.]+\]|[^\s:[\]]*):\d{1,5}))$/, 'expected HOST:PORT, :PORT or off')

export const operatorSettings = z.strictObject({
  /** Empty: all of them. */
  namespaces: z.array(namespaceText).default([]),
  adopt: z.boolean().default(false),
  removalDelay: seconds(0, 300).default(2),
  log: z
    .strictObject({ level: z.enum(logLevels).default('info'), format: z.enum(logFormats).default('auto') })
    .prefault({}),
  health: z.preprocess(unquotedOff, listenAddress.default(':8081')),
  metrics: z.preprocess(unquotedOff, listenAddress.default(':8080')),
  lease: z
    .strictObject({
      duration: seconds(1, 600).default(15),
      renewDeadline: seconds(0.5, 600).default(10),
      retryPeriod: seconds(0.1, 600).default(2),
    })
    .refine(
      ({ duration, renewDeadline, retryPeriod }) => retryPeriod < renewDeadline && renewDeadline < duration,
      'expected retryPeriod < renewDeadline < duration',
    )
    .prefault({}),
})
export type OperatorSettings = z.infer<typeof operatorSettings>

export const defaultOperatorSettings: OperatorSettings = operatorSettings.parse({})
