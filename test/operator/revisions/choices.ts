/**
 * One state of the inputs → what may rightly stand there for it. Mostly that is one set of policies. It is several where
 * input is broken: which of its former words Tierwall has seen, nobody else can say.
 */
import type { Decide, Decided, Sources } from './decided.ts'
import type { Inputs, Policies } from './history.ts'
import type { InputObject } from './inputs.ts'
import { keepStanding, namespaceIn, withoutForeign, withoutNewShared } from './standing.ts'
import { type Words, withWords, wordsOf } from './words.ts'

/** By `KIND NAMESPACE/NAME`: what was sound and in force the last time that everything was settled. */
export type Known = ReadonlyMap<string, { readonly uid: string; readonly words: Words }>

export interface Choice {
  /** What it supposes, for a reader of a report. */
  readonly note: string
  readonly desired: Policies
  readonly decided: Decided
  readonly sources: Sources
  readonly known: Known
}

export interface Settled {
  readonly ours: Policies
  readonly sources: Sources
  readonly known: Known
}

export interface State {
  readonly inputs: Inputs
  /** Every state of them since the last settled one, this one among them. */
  readonly since: readonly Inputs[]
  readonly last: Settled
  /** What stood there when this state began: all that may stand where nobody can read how a namespace is isolated. */
  readonly standing: Policies
  /** Namespaces where users took policies of ours away, and with them what was last good. */
  readonly robbed: ReadonlySet<string>
}

const mostChoices = 16

export function readChoices(state: State, decide: Decide): readonly Choice[] {
  const { inputs, last } = state
  const { objects, foreign } = inputs
  const decided = decide.asIs(inputs)
  const speakers = [...objects.values()].filter(({ kind }) => kind !== 'Namespace')
  const broken = speakers.filter(object => decided.broken.has(keyOf(object)))
  const involved = speakers.filter(object => decided.involved.has(keyOf(object)))
  const sets = broken.length === involved.length ? [broken] : [broken, involved]
  const choices = sets.flatMap(former => stand(former, state, decide).map(words => choose(words, state, decide)))
  const kept = choices.flatMap(choice => keepStanding(choice, involved.map(keyOf), last))
  return [...choices, ...kept, ...choices.flatMap(choice => withoutNewShared(choice, foreign, last.ours))]
}

function choose(words: FormerWords, { inputs, standing }: State, decide: Decide): Choice {
  const { objects, foreign, configured } = inputs
  const spoken = [...objects.values()].map(object => putWords(object, words.get(object.uid)))
  const decided = decide.these(spoken, configured)
  const frozen = [...standing].filter(([key]) => decided.isUnclear(namespaceIn(key)))
  const restored = [...objects.values()].filter(({ uid }) => words.get(uid) !== undefined).map(keyOf)
  return {
    note: restored.length === 0 ? '' : `, with former words of ${restored.join(', ')}`,
    desired: new Map([...withoutForeign(decided.desired, foreign), ...frozen]),
    decided,
    sources: decided.sources,
    known: knownBy(objects, words, decided),
  }
}

const keyOf = ({ kind, namespace, name }: InputObject) => `${kind} ${namespace}/${name}`

/** By uid; nothing for an object that has none. */
type FormerWords = ReadonlyMap<string, Words | undefined>

/** For each broken object its former words, in every combination. */
function stand(broken: readonly InputObject[], state: State, decide: Decide): readonly FormerWords[] {
  let all: FormerWords[] = [new Map()]
  for (const object of broken) {
    const options = formerWords(object, state, decide)
    all = options.flatMap(words => all.map(map => new Map(map).set(object.uid, words))).slice(0, mostChoices)
  }
  return all
}

/**
 * Its words of any state since the last settled one, of which Tierwall may have seen each. None where it may have seen
 * none, or forgotten them with the policies that remember them: since the object was made anew, in no tier for a while,
 * in a namespace where nothing was enforced for a while, or since users took those policies away.
 */
function formerWords(object: InputObject, { since, last, robbed }: State, decide: Decide): (Words | undefined)[] {
  const key = keyOf(object)
  const known = last.known.get(key)
  const seen = since.flatMap(inputs => {
    const then = inputs.objects.get(key)
    return then === undefined || decide.asIs(inputs).broken.has(key) ? [] : [rememberedWords(then, inputs, decide)]
  })
  const wasLeft = since.some(inputs => !decide.asIs(inputs).isEnforced(object.namespace))
  const mayHaveNone = known?.uid !== object.uid || wasLeft || robbed.has(object.namespace)
  const all = [...(known ? [known.words] : []), ...seen, ...(mayHaveNone ? [undefined] : [])]
  return [...new Map(all.map(words => [JSON.stringify(words), words])).values()]
}

function rememberedWords(object: InputObject, inputs: Inputs, decide: Decide): Words | undefined {
  const isRemembered = [...decide.asIs(inputs).sources.values()].flat().includes(keyOf(object))
  return isRemembered ? wordsOf(object) : undefined
}

function putWords(object: InputObject, words: Words | undefined) {
  return words ? withWords(object, words) : object.entry
}

/** What no policy was made from, no policy remembers. */
function knownBy(objects: Inputs['objects'], words: FormerWords, { broken, sources }: Decided): Known {
  const remembered = new Set([...sources.values()].flat())
  const sound = [...objects.values()].filter(object => !broken.has(keyOf(object)) || words.get(object.uid))
  return new Map(
    sound
      .filter(object => remembered.has(keyOf(object)))
      .map(object => [keyOf(object), { uid: object.uid, words: words.get(object.uid) ?? wordsOf(object) }]),
  )
}
