/** What zod says of a value, as faults in our words, each with the field that has it. */
import type { z } from 'zod'
import { nearest } from './peers.ts'
import type { Fault } from './problem.ts'
import type { FieldPath } from './source.ts'

export interface FieldFault {
  readonly path: FieldPath
  readonly fault: Fault
}

export interface SchemaWords {
  readonly code: Fault['code']
  /** The fields that the schema knows, for the near match of a misspelled one. */
  readonly fields: readonly string[]
  readonly fix: string
}

export function faultsOf(error: z.ZodError, under: FieldPath, words: SchemaWords): FieldFault[] {
  return error.issues.flatMap(issue => {
    const path = [...under, ...issue.path.map(step => (typeof step === 'symbol' ? String(step) : step))]
    if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownField([...path, key], key, words))
    return [{ path, fault: explainIssue(issue, words) }]
  })
}

export function unknownField(path: FieldPath, key: string, { code, fields, fix }: SchemaWords): FieldFault {
  const others = fields.filter(field => field !== key)
  const meant = others.find(field => field.toLowerCase() === key.toLowerCase()) ?? nearest(key, others)
  return {
    path,
    fault: { code, message: `unknown field ${key}`, fix: meant ? `write ${meant}` : `take it away; ${fix}` },
  }
}

function explainIssue(issue: z.core.$ZodIssue, { code, fix }: SchemaWords): Fault {
  if (issue.code === 'too_big' && issue.origin === 'array')
    return {
      code: 'list-too-long',
      message: `the list is longer than ${issue.maximum}`,
      fix: 'write fewer, wider entries',
    }
  if (issue.code === 'invalid_type') {
    const isNull = /received null$/.test(issue.message)
    const message = isNull
      ? `the field is null, not ${article(issue.expected)}`
      : issue.message.replace(/^Invalid input: /, '')
    return {
      code,
      message,
      fix: isNull && issue.expected === 'array' ? 'write [] for none, or take the field away' : fix,
    }
  }
  return { code, message: issue.message.replace(/^Invalid (input|option): /, ''), fix }
}

const article = (type: string) => (type === 'array' ? 'a list' : type === 'object' ? 'a map' : `a ${type}`)
