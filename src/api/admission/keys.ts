/** Annotations that Tierwall does not know, or does not read where they stand: what is wrong with a key, in CEL. */
import { annotation, group, workloadAnnotations } from '../annotations.ts'
import { firstFault, list, matches, text } from './cel.ts'
import { type Check, refuseFault, type Variable } from './policy.ts'
import { sayLine } from './sentences.ts'

/** Keys under our prefix, or under one that is easily taken for it. */
const likeOurs = /^([a-z0-9-]+\.)*tierwall?\.(dev|io|com)\//i

/** The annotations of some metadata, which is absent where it is optional and not there. */
const annotationsOf = (metadata: string) => `${metadata}.?annotations.orValue({})`

export const own = { now: annotationsOf('object.metadata'), before: before('oldObject.metadata') }
export const template = {
  now: annotationsOf('object.spec.template.?metadata'),
  before: before('oldObject.spec.template.?metadata'),
}

function before(metadata: string): string {
  return `oldObject == null ? {} : ${annotationsOf(metadata)}`
}

/** Whether the request creates the object with the key, or changes what stands behind it. */
export const isNew = (key: string, now: string, before: string) =>
  `${key} in ${now} && ${now}[?${key}] != ${before}[?${key}]`

/** The one condition of all: a request that says nothing new to Tierwall goes no further. */
export const saysNew = (key: string, of: { readonly now: string; readonly before: string }) =>
  `${of.now}.exists(k, ${key} && ${isNew('k', of.now, `(${of.before})`)})`

export const isLikeOurs = matches('k', likeOurs)
export const isOneOf = (keys: readonly string[]) => `k in ${list(keys)}`

/** `now` and `before` are all annotations, `said` the known ones that the request sets or changes. */
export function compareAnnotations(known: readonly string[]): Variable[] {
  return [
    { name: 'now', expression: own.now },
    { name: 'before', expression: own.before },
    {
      name: 'said',
      expression: `${list(known)}.filter(k, ${isNew('k', 'variables.now', 'variables.before')})`,
    },
  ]
}

/** CEL cannot tell how far one word is from another: beyond our own prefix only the right words are refused. */
export function checkUnknown(known: readonly string[]): Check {
  const word = `k.substring(k.indexOf('/') + 1).lowerAscii().replace('_', '-')`
  const words = list(known.map(key => key.slice(group.length + 1)))
  const isWrong = `!(${isOneOf(known)}) && (k.startsWith(${text(`${group}/`)}) || ${word} in ${words})`
  const found = 'variables.unknown.min()'
  const foundWord = word.replaceAll('k.', `${found}.`)
  const line = (fix: string) => `annotation-unknown: %KEY is no annotation that Tierwall reads on a %KIND; ${fix}`
  const places = { '%KEY': found, '%KIND': 'request.kind.kind' }
  return {
    variables: [
      {
        name: 'unknown',
        expression: `variables.now.filter(k, ${isLikeOurs} && ${isWrong} && ${isNew('k', 'variables.now', 'variables.before')})`,
      },
      {
        name: 'unknownFault',
        expression: firstFault(
          [
            ['variables.unknown.size() == 0', text('')],
            [
              `${foundWord} in ${words}`,
              sayLine(line('write %MEANT'), { ...places, '%MEANT': `${text(`${group}/`)} + ${foundWord}` }),
            ],
          ],
          sayLine(line(`write one of ${known.join(', ')}, or take it away`), places),
        ),
      },
    ],
    validation: refuseFault('unknownFault', `annotation-unknown: write ${known.join(', ')}`),
  }
}

/** On a pod template nobody reads them. What a controller made repeats its maker's, and nobody is to blame. */
export function checkMisplaced(): Check {
  const line = `annotation-misplaced: %KEY is not read here; move it to the %KIND's own metadata.annotations`
  const places = { '%KEY': 'variables.misplaced[0]', '%KIND': 'request.kind.kind' }
  return {
    variables: [
      { name: 'templateNow', expression: template.now },
      { name: 'templateBefore', expression: template.before },
      {
        name: 'misplaced',
        expression: `object.metadata.?ownerReferences.orValue([]).size() > 0\n  ? []\n  : ${list(workloadAnnotations)}.filter(k, ${isNew('k', 'variables.templateNow', 'variables.templateBefore')})`,
      },
      {
        name: 'misplacedFault',
        expression: firstFault([['variables.misplaced.size() == 0', text('')]], sayLine(line, places)),
      },
    ],
    validation: refuseFault('misplacedFault', 'annotation-misplaced: annotations of a pod template are not read'),
  }
}

/** Beside no tier these do nothing. `app` alone is harmless, and nobody reads it. */
export function checkBesides(): Check {
  const besides = [annotation.ports, annotation.from, annotation.to]
  const line = `annotation-without-tier: %KEY stands without ${annotation.tier}; add ${annotation.tier}, or take %KEY away`
  return {
    variables: [
      { name: 'hasTier', expression: `${text(annotation.tier)} in variables.now` },
      { name: 'besides', expression: `variables.hasTier ? [] : variables.said.filter(k, ${isOneOf(besides)})` },
      {
        name: 'besidesFault',
        expression: firstFault(
          [['variables.besides.size() == 0', text('')]],
          sayLine(line, { '%KEY': 'variables.besides[0]' }),
        ),
      },
    ],
    validation: refuseFault('besidesFault', `annotation-without-tier: add ${annotation.tier}`),
  }
}
