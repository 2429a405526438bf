/** The spellings that Kubernetes and Tierwall accept, each as one RE2-compatible pattern, shared by every door. */

const dnsLabel = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const labelWord = '[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?'

export interface Format {
  readonly pattern: RegExp
  readonly most: number
  readonly means: string
}

const format = (pattern: string, most: number, means: string): Format => ({
  pattern: new RegExp(`^(${pattern})$`),
  most,
  means,
})

export const namespaceName = format(dnsLabel, 63, 'lower-case letters, digits and dashes (RFC 1123 label)')
export const objectName = format(
  `${dnsLabel}(\\.${dnsLabel})*`,
  253,
  'lower-case letters, digits, dashes and dots (RFC 1123 subdomain)',
)
export const tierName = format('[a-z]([-a-z0-9]*[a-z0-9])?', 63, 'a lower-case letter, then letters, digits and dashes')
export const labelValue = format(`(${labelWord})?`, 63, 'letters, digits, dashes, underscores and dots')
export const appName = format(labelWord, 63, 'letters, digits, dashes, underscores and dots, as in a label value')
export const peerName = format(dnsLabel, 63, 'lower-case letters, digits and dashes')

export function isWritten(text: string, as: Format): boolean {
  return text.length <= as.most && as.pattern.test(text)
}

/** A label key: an optional DNS prefix and a slash, then a word of up to 63 characters. */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/')
  const [prefix, word] = slash < 0 ? [undefined, key] : [key.slice(0, slash), key.slice(slash + 1)]
  return word !== '' && isWritten(word, labelValue) && (prefix === undefined || isWritten(prefix, objectName))
}

/** An IANA service name, as Kubernetes wants container port names. */
export function isPortName(name: string): boolean {
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= 15 && /[a-z]/.test(name) && !name.includes('--')
}
