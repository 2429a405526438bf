/** The generated files of the Helm chart. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { writeRulesTemplate } from '../src/install/chart/rules.ts'
import {
  writeAnnotationsTemplate,
  writeDefinitionTemplate,
  writeRbacTemplate,
  writeReservedTemplate,
} from '../src/install/chart/templates.ts'
import { writeValues, writeValuesSchema } from '../src/install/chart/write-values.ts'
import type { GeneratedFile } from './generated.ts'

const alerts = z.object({ spec: z.record(z.string(), z.unknown()) })

const readAlerts = () =>
  alerts.parse(parse(readFileSync(join(import.meta.dirname, '../monitoring/prometheus-rules.yaml'), 'utf8'))).spec

export const chartFiles: readonly GeneratedFile[] = [
  { path: 'chart/values.yaml', write: writeValues },
  { path: 'chart/values.schema.json', write: writeValuesSchema },
  { path: 'chart/templates/rbac.yaml', write: writeRbacTemplate },
  { path: 'chart/templates/definition.yaml', write: writeDefinitionTemplate },
  { path: 'chart/templates/admission.yaml', write: writeAnnotationsTemplate },
  { path: 'chart/templates/reserved.yaml', write: writeReservedTemplate },
  { path: 'chart/templates/prometheusrule.yaml', write: () => writeRulesTemplate(readAlerts()) },
]
