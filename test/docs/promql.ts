/** A PromQL expression → the metrics that it asks for and the labels that it names. It knows no more of the language. */

export interface Query {
  readonly metrics: readonly Metric[]
  /** Those of `by`, `without`, `on` and their like. */
  readonly groupings: readonly string[]
}

export interface Metric {
  readonly name: string
  readonly labels: readonly string[]
}

const grouping = ['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']
const words = ['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']
const functions = ['absent', 'histogram_quantile', 'max', 'min', 'rate', 'sum', 'time']

const token = /\s+|"[^"]*"|\[[^\]]*\]|\d[\w.]*|[a-zA-Z_]\w*|[=!]~|[!=<>]=|[-+*/%^(){},=<>]/y

export function readQuery(text: string): Query {
  const tokens = splitTokens(text)
  const metrics: Metric[] = []
  const groupings: string[] = []
  for (let at = 0; at < tokens.length; at++) {
    const word = tokens[at] ?? ''
    if (!/^[a-zA-Z_]/.test(word) || words.includes(word)) continue
    if (functions.includes(word)) continue
    const next = tokens[at + 1]
    if (grouping.includes(word)) {
      // `group_left` alone brings no labels.
      if (next !== '(') continue
      const end = endOf(tokens, at + 1, ')')
      groupings.push(...tokens.slice(at + 2, end).filter(each => each !== ','))
      at = end
    } else if (next === '(') {
      throw new Error(`${text}: ${word} is no function that is known here`)
    } else {
      const end = next === '{' ? endOf(tokens, at + 1, '}') : at
      metrics.push({ name: word, labels: tokens.slice(at + 1, end).filter(each => /^[a-zA-Z_]/.test(each)) })
      at = end
    }
  }
  if (count(tokens, '(') !== count(tokens, ')')) throw new Error(`${text}: a bracket is missing`)
  return { metrics, groupings }
}

function splitTokens(text: string): readonly string[] {
  // Grafana fills it in.
  const plain = text.replaceAll('$__rate_interval', '5m')
  const tokens: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < plain.length) {
    const from = token.lastIndex
    const [found] = token.exec(plain) ?? []
    if (found === undefined) throw new Error(`${text}: ${plain.slice(from)} cannot be read`)
    if (found.trim() !== '') tokens.push(found)
  }
  return tokens
}

function endOf(tokens: readonly string[], from: number, bracket: string): number {
  const end = tokens.indexOf(bracket, from)
  if (end < 0) throw new Error(`${tokens.join(' ')}: ${bracket} is missing`)
  return end
}

const count = (tokens: readonly string[], one: string) => tokens.filter(each => each === one).length
