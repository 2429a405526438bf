/** `tierwall.dev/tier` and `tierwall.dev/app`: what is wrong with a name, in CEL. */
import { annotation } from '../annotations.ts'
import { appName, type Format, tierName } from '../formats.ts'
import { readAppName, readTierName, reservedWords } from '../peers.ts'
import { firstFault, list, matches, text } from './cel.ts'
import { type Check, refuseFault } from './policy.ts'
import { cutShort, faultOf, say } from './sentences.ts'

const isWritten = (name: string, { pattern, most }: Format) => `${name}.size() <= ${most} && ${matches(name, pattern)}`

export function checkTier(): Check {
  const key = annotation.tier
  const value = 'variables.tier'
  const mended = `${value}.trim().lowerAscii()${['_', '.', ' '].map(sign => `.replace('${sign}', '-')`).join('')}`
  const reserved = list(reservedWords)
  const found = cutShort(value)
  const fault = firstFault(
    [
      [`!(${text(key)} in variables.said)`, text('')],
      [`${value} in ${reserved}`, say(faultOf(readTierName('none')), key, { none: found })],
      [isWritten(value, tierName), text('')],
      [`${value} == ''`, say(faultOf(readTierName('')), key)],
      [
        `${isWritten(mended, tierName)} && !(${mended} in ${reserved})`,
        say(faultOf(readTierName('QQQ')), key, { QQQ: found, qqq: mended }),
      ],
    ],
    say(faultOf(readTierName('%')), key, { '%': found }),
  )
  return {
    variables: [
      { name: 'tier', expression: `variables.now[?${text(key)}].orValue('')` },
      { name: 'tierFault', expression: fault },
    ],
    validation: refuseFault('tierFault', `tier-invalid: ${key}: write ${tierName.means}`),
  }
}

/** Read only where there is a tier, and so refused only there. */
export function checkApp(): Check {
  const key = annotation.app
  const value = 'variables.app'
  const fault = firstFault(
    [
      [`!(${text(key)} in variables.said) || !variables.hasTier`, text('')],
      [`${value} == '-' || ${isWritten(value, appName)}`, text('')],
    ],
    say(faultOf(readAppName('%')), key, { '%': cutShort(value) }),
  )
  return {
    variables: [
      { name: 'app', expression: `variables.now[?${text(key)}].orValue('')` },
      { name: 'appFault', expression: fault },
    ],
    validation: refuseFault('appFault', `tier-invalid: ${key}: write ${appName.means}`),
  }
}
