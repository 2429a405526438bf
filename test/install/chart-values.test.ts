import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { defaultConfiguration, readConfiguration } from '../../src/api/configuration.ts'
import { configurationValue } from '../../src/install/chart/configuration.ts'
import { chartValues } from '../../src/install/chart/values.ts'
import { root } from './objects.ts'

const readText = (path: string) => readFileSync(join(root, path), 'utf8')

interface Described {
  readonly description?: string | undefined
  readonly properties?: Readonly<Record<string, Described>> | undefined
}
const described: z.ZodType<Described> = z.lazy(() =>
  z.object({ description: z.string().optional(), properties: z.record(z.string(), described).optional() }),
)

test('every value of the chart says what it is for', () => {
  const { properties = {} } = described.parse(JSON.parse(readText('chart/values.schema.json')))
  const all = Object.entries(properties).flatMap(([name, value]) => [
    [name, value] as const,
    ...Object.entries(name === 'configuration' ? {} : (value.properties ?? {})).map(
      ([inner, value]) => [`${name}.${inner}`, value] as const,
    ),
  ])
  expect(all.length).toBeGreaterThan(40)
  expect(all.filter(([, { description }]) => !description).map(([name]) => name)).toEqual([])
})

test('the values that are installed unless told otherwise are those of the schema', () => {
  expect(chartValues.parse(parse(readText('chart/values.yaml')))).toEqual(chartValues.parse({}))
})

test('the chart and what it installs are of the version of the package', () => {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readText('package.json')))
  expect(parse(readText('chart/Chart.yaml'))).toMatchObject({ version, appVersion: version })
})

test('the value `configuration` knows every field of the configuration file but the namespace, which is that of the release', () => {
  const fields = Object.keys(configurationValue.shape).filter(
    field => !['apiVersion', 'kind', 'metadata'].includes(field),
  )
  expect(['operatorNamespace', ...fields].sort()).toEqual(Object.keys(defaultConfiguration).sort())
  for (const field of ['services', 'peers'])
    expect(Object.keys(configurationValue.shape.dns.unwrap().shape)).toContain(field)
  const example = parse(readText('config/base/config.yaml').replaceAll(/^#(?! \S)/gm, ''))
  expect(configurationValue.safeParse(example).success).toBe(true)
  expect(readConfiguration(example).faults).toEqual([])
})
