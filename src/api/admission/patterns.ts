/** The grammar of peers and ports as patterns, made of the formats that the reader goes by. */
import { appName, type Format, namespaceName, peerName, tierName } from '../formats.ts'
import { protocol } from '../kubernetes.ts'
import { reservedWords } from '../peers.ts'

const bodyOf = ({ pattern }: Format) => pattern.source.slice(1, -1)
const anyOf = (words: readonly string[]) => `(${words.join('|')})`
const whole = (...forms: readonly string[]) => new RegExp(`^${anyOf(forms)}$`)

const app = `(-|${bodyOf(appName)})`
const inNamespace = `(\\.${bodyOf(namespaceName)})?`

/** A peer that is no range, its port cut off. Lengths and reserved names are looked at apart. */
export const word = whole(
  `@${bodyOf(peerName)}`,
  `(${app}/)?${bodyOf(tierName)}${inNamespace}`,
  `${app}/\\*${inNamespace}`,
  `\\*\\.${bodyOf(namespaceName)}`,
)

const most = Math.max(...[appName, namespaceName, peerName, tierName].map(format => format.most))

/** One of the parts of a word is longer than a name may be; an app may hold dots, the others not. */
export const longWord = new RegExp(`[^./@]{${most + 1}}|^[^/]{${most + 1},}/`)

/** A reserved word where a tier's name belongs. */
export const reservedTier = new RegExp(`^([^/]*/)?${anyOf(reservedWords)}(\\.[^./]*)?$`)

/** What a person may write in place of an address: no peer, but a host name. */
export const hostName = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+){2,}$/

/** The four spellings of a range, as they are told from words: in brackets, with exceptions, of IPv4, of IPv6. */
export const inBrackets = /^\[[^[\]]*\](:.*)?$/
export const v6 = /^[0-9a-fA-F]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*(\/|$)/
const v4 = /^[0-9]+(\.[0-9]+)+(\/[0-9]*)?(:.*)?$/
export const range = new RegExp([inBrackets, /!/, v4, v6].map(({ source }) => `(${source})`).join('|'))

/** The end of such a range may be IPv4, in spellings that the API server does not know and the reader does. */
export const v4InV6 = /^[0-9a-fA-F:]*:[0-9a-fA-FxX]+(\.[0-9a-fA-FxX]+){3}\/[0-9]+$/

/** A port behind a range that needed brackets. */
export const portBehindRange = /\/[0-9]+:[^:]*$/

const portNumber = '([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])'
/** Single dashes between words, and a letter somewhere. */
const portName = '([a-z0-9]+-)*[a-z0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*'
const inProtocol = `(/${anyOf(protocol.options)})?`

export const port = new RegExp(`^(${portNumber}(-${portNumber})?|${portName})${inProtocol}$`)
export const longPortName = /^[-a-z0-9]{16}/
export const portRange = /^[0-9]+-[0-9]+(\/|$)/
export const portDigits = /^[0-9]+(-[0-9]+)?(\/|$)/
export const namedPort = /^[^/]*[a-z]/
export const knownProtocol = new RegExp(`^[^/]*${inProtocol}$`)
export const protocolInAnyCase = new RegExp(`^[^/]*/${anyOf(protocol.options)}$`, 'i')
