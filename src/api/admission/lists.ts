/** What `ports`, `allow-from` and `allow-to` have in common: a list with a limit, or `none`. */
import { limits } from '../limits.ts'
import { readPeerList } from '../peers.ts'
import { readPortList } from '../ports.ts'
import { type Case, firstFault, text } from './cel.ts'
import { type Check, refuseFault, type Variable } from './policy.ts'
import { faultOf, say } from './sentences.ts'

export interface ListAnnotation {
  /** Of the variable that holds the value; the names of others begin with it. */
  readonly name: string
  readonly key: string
  readonly what: 'ports' | 'peers'
}

/** The value as the request says it, and its entries; `none` where it says nothing, or nothing new. */
export function readList({ name, key, what }: ListAnnotation): Variable[] {
  const value = `variables.${name}`
  return [
    {
      name,
      // A byte order mark is white space to the reader, and to CEL it is not.
      expression: `${text(key)} in variables.said && variables.hasTier\n  ? variables.now[${text(key)}].replace(${text('\ufeff')}, ' ')\n  : 'none'`,
    },
    {
      name: `${name}Parts`,
      expression: `${value}.size() > ${limits.characters} || ${value}.trim() == 'none' ? [] : ${value}.split(',')`,
    },
    {
      name: `${name}Entries`,
      // To make a list takes the API server the square of its length.
      expression: `variables.${name}Parts.size() > ${limits[what]} ? [] : variables.${name}Parts.map(e, e.trim())`,
    },
  ]
}

/** `entryFaults` names variables that hold lists of faults: looked at only where the list as a whole is sound. */
export function checkList(
  list: ListAnnotation,
  variables: readonly Variable[],
  entryFaults: readonly string[],
  fix: string,
): Check {
  const fault = `${list.name}Fault`
  const cases = [
    ...listFaults(list),
    ...entryFaults.map((name): Case => [`variables.${name}.size() > 0`, `variables.${name}[0]`]),
  ]
  return {
    variables: [...variables, { name: fault, expression: firstFault(cases) }],
    validation: refuseFault(fault, `${list.key} cannot be read: ${fix}`),
  }
}

/** In the reader's order. */
function listFaults({ name, key, what }: ListAnnotation): Case[] {
  const value = `variables.${name}`
  const parts = `variables.${name}Parts`
  const read = what === 'ports' ? readPortList : readPeerList
  const sample = (list: string) => faultOf(read(list))
  const tooLong = limits.characters + 1
  const tooMany = limits[what] + 1
  return [
    [
      `${value}.size() > ${limits.characters}`,
      say(sample('1'.repeat(tooLong)), key, { [`${tooLong}`]: `string(${value}.size())` }),
    ],
    [`${value}.trim() == ''`, say(sample(''), key)],
    [`${parts}.exists(e, e.trim() == '')`, say(sample('1,'), key)],
    [`${parts}.exists(e, e.trim() == 'none')`, say(sample('none,1'), key)],
    [
      `${parts}.size() > ${limits[what]}`,
      say(sample(Array.from({ length: tooMany }, () => '1').join()), key, {
        [`has ${tooMany}`]: `'has ' + string(${parts}.size())`,
      }),
    ],
  ]
}
