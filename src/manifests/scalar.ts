/** A scalar's text → the value that kubectl reads there: YAML 1.1's booleans and octals, no dates, no base 60. */
import type { YamlRead, YamlScalar } from './node.ts'

export type Plain = string | number | boolean | null

const words: ReadonlyMap<string, Plain> = new Map([
  ...spell(null, '', '~', 'null', 'Null', 'NULL'),
  ...spell(true, 'y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'),
  ...spell(false, 'n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'),
  ...spell(Number.NaN, '.nan', '.NaN', '.NAN'),
  ...spell(Number.POSITIVE_INFINITY, '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'),
  ...spell(Number.NEGATIVE_INFINITY, '-.inf', '-.Inf', '-.INF'),
])

function spell(value: Plain, ...spellings: string[]): [string, Plain][] {
  return spellings.map(spelling => [spelling, value])
}

const longestWord = 5
const integer = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))$/
const decimal = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/

export function readPlain(text: string): Plain {
  if (text.length <= longestWord) {
    const word = words.get(text)
    if (word !== undefined) return word
  }
  return /^[-+.0-9]/.test(text) ? (readNumber(text) ?? text) : text
}

function readNumber(text: string): number | undefined {
  const digits = text.replaceAll('_', '')
  const [whole, sign, hex, binary, octal, plain] = integer.exec(digits) ?? []
  if (whole !== undefined) {
    const size = hex
      ? Number(`0x${hex}`)
      : binary
        ? Number(`0b${binary}`)
        : octal
          ? Number(`0o${octal}`)
          : Number(plain)
    return sign === '-' ? 0 - size : size
  }
  const value = decimal.test(digits) ? Number(digits) : undefined
  return Number.isFinite(value) ? value : undefined
}

const tagPrefix = 'tag:yaml.org,2002:'

const fitsTag: Readonly<Record<string, (value: Plain) => boolean>> = {
  int: Number.isInteger,
  float: value => typeof value === 'number',
  bool: value => typeof value === 'boolean',
  null: value => value === null,
}

/** Quoted text and text under a tag that Kubernetes does not know stay text. */
export function readScalar(scalar: YamlScalar): YamlRead<Plain> {
  const value = scalar.tag === undefined ? (scalar.plain ? readPlain(scalar.text) : scalar.text) : readTagged(scalar)
  if (value === undefined)
    return {
      fault: {
        offset: scalar.start,
        message: `'${scalar.text}' does not fit its tag !!${scalar.tag?.slice(tagPrefix.length)}`,
        fix: 'take the tag away',
      },
    }
  if (typeof value === 'number' && !Number.isFinite(value))
    return {
      fault: {
        offset: scalar.start,
        message: `${scalar.text} is no number that JSON can hold`,
        fix: `put it in quotes: "${scalar.text}"`,
      },
    }
  return { value }
}

function readTagged({ tag = '', text }: YamlScalar): Plain | undefined {
  const name = tag.startsWith(tagPrefix) ? tag.slice(tagPrefix.length) : ''
  if (name === 'binary') return Buffer.from(text, 'base64').toString()
  if (!Object.hasOwn(fitsTag, name)) return text
  const value = readPlain(text)
  return fitsTag[name]?.(value) ? value : undefined
}
