/** Address ranges in CEL: what is wrong with those of some texts that are no ranges. */
import { readCidr } from '../cidr.ts'
import { limits } from '../limits.ts'
import { readPeer } from '../peers.ts'
import { type Case, choose, firstFault, matches } from './cel.ts'
import { portBehindRange, v4InV6 } from './patterns.ts'
import { cutShort, faultOf, type Places, say } from './sentences.ts'

/** What CEL does not know for wrong is left to the reader. */
const isNoCidr = `(!isCIDR(c) && !${matches('c', v4InV6)})`
const hasHostBits = '(isCIDR(c) && cidr(c) != cidr(c).masked())'
const isWrong = `${isNoCidr} || ${hasHostBits}`

const outer = "r.split('!')[0]"
const exceptions = "r.substring(r.indexOf('!') + 1).split('!')"
const isInside = `cidr(${outer}).containsCIDR(c) && cidr(c).prefixLength() > cidr(${outer}).prefixLength()`
const isWrongException = `${isWrong} || (isCIDR(c) && isCIDR(${outer}) && !(${isInside}))`

/** `ranges` is an expression for a list of ranges without brackets and port; what comes back is one for a list. */
export function findRangeFaults(ranges: string, key: string): string {
  const first = (of: string, isWrong: string, cases: readonly Case[], otherwise: string) =>
    `${of}.filter(c, ${isWrong}).map(c, ${cutShort('c')}).map(c, ${choose(cases, otherwise)})[0]`
  const noCidr: Case = [isNoCidr, noCidrFault(key)]
  const hostBits: Case = [hasHostBits, hostBitsFault(key)]
  const faults = firstFault([
    [`[${outer}].exists(c, ${isWrong})`, first(`[${outer}]`, isWrong, [noCidr], hostBitsFault(key))],
    [`r.split('!').size() > ${limits.exceptions + 1}`, manyExceptionsFault(key)],
    [
      `r.contains('!') && ${exceptions}.exists(c, ${isWrongException})`,
      first(exceptions, isWrongException, [noCidr, hostBits], outsideFault(key)),
    ],
  ])
  return `${ranges}.map(r, ${faults})\n  .filter(fault, fault != '')`
}

const most = "(c.contains(':') ? '128' : '32')"

function noCidrFault(key: string): string {
  const sayCidr = (sample: string, places: Places) => say(faultOf(readCidr(sample)), key, places)
  const colon = "r.lastIndexOf(':')"
  const bracketed = `'[' + r.substring(0, ${colon}) + ']' + r.substring(${colon})`
  const prefix = "c.split('/')[1]"
  return choose(
    [
      ['isIP(c) && ip(c).isUnspecified()', sayCidr('0.0.0.0', { "'0.0.0.0'": "'\\'' + c + '\\''" })],
      ['isIP(c)', sayCidr('9.9.9.9', { '9.9.9.9': 'c', '/32': `'/' + ${most}` })],
      [
        matches('c', portBehindRange),
        say(faultOf(readPeer('2001:db8::/32:443')), key, { '32:443': prefix, '[2001:db8::/32]:443': bracketed }),
      ],
      [
        "isIP(c.split('/')[0]) && c.split('/').size() == 2",
        sayCidr('9.9.9.9/99', { '99': prefix, '0 to 32': `'0 to ' + ${most}` }),
      ],
    ],
    sayCidr('%', { '%': 'c' }),
  )
}

function hostBitsFault(key: string): string {
  return say(faultOf(readCidr('9.9.9.9/8')), key, {
    '9.9.9.9/8': 'c',
    '9.9.9.9/32': `string(cidr(c).ip()) + '/' + ${most}`,
    '9.0.0.0/8': 'string(cidr(c).masked())',
  })
}

function manyExceptionsFault(key: string): string {
  const count = limits.exceptions + 1
  const sample = `9.0.0.0/8${'!9.9.9.9/32'.repeat(count)}`
  return say(faultOf(readPeer(sample)), key, { [`${count} `]: `string(r.split('!').size() - 1) + ' '` })
}

function outsideFault(key: string): string {
  const sayOf = (sample: string, places: Places) => say(faultOf(readPeer(sample)), key, places)
  return choose(
    [[`cidr(c) == cidr(${outer})`, sayOf('9.0.0.0/8!9.0.0.0/8', { '9.0.0.0/8': outer })]],
    sayOf('9.0.0.0/8!8.0.0.0/8', { '9.0.0.0/8': outer, '8.0.0.0/8': 'c' }),
  )
}
