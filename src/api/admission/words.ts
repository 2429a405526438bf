/** Peers that are words, in CEL: what is wrong with those of some words that are no peers. */
import { lookAlike, peerWords, readPeer } from '../peers.ts'
import { choose, list, map, matches } from './cel.ts'
import { hostName, longWord, reservedTier, word } from './patterns.ts'
import { cutShort, faultOf, type Places, say } from './sentences.ts'

/** Of the words that people try, those that are no tier's name: the reader has an answer to more of them. */
const tried = ['*', '-', '[]', '{}', 'all', 'any', 'everyone', 'world', 'public', 'external', 'nobody', 'deny', 'self']
const answers = map(Object.fromEntries(tried.map(word => [word, lookAlike(word) ?? word])))

const isPeer = (of: string) =>
  `(${of} in ${list(peerWords)} || ${matches(of, word)} && !${matches(of, longWord)} && !${matches(of, reservedTier)})`

/** `words` is an expression for a list of words without ports; what comes back is one for a list. */
export function findWordFaults(words: string, key: string): string {
  return `${words}.filter(w, !${isPeer('w')})\n  .map(w, ${cutShort('w')})\n  .map(w, ${wordFault(key)})`
}

function wordFault(key: string): string {
  const lower = 'w.lowerAscii()'
  const mended = `${lower}.replace('_', '-')`
  const sayWord = (sample: string, places: Places) => say(faultOf(readPeer(sample)), key, places)
  return choose(
    [
      ["w == ''", sayWord('', {})],
      ["w.startsWith('@')", sayWord('@%', { '@%': 'w' })],
      [`${lower} in ${answers}`, sayWord('Everyone', { Everyone: 'w', anywhere: `${answers}[${lower}]` })],
      [matches('w', hostName), sayWord('a.b.c', { 'a.b.c': 'w' })],
      [isPeer(mended), sayWord('QQQ', { QQQ: 'w', qqq: mended })],
    ],
    sayWord('%', { '%': 'w' }),
  )
}
