/** Which namespaces are isolated, which are not, and where what they say cannot be used. */
import { isolationModes } from '../../api/configuration.ts'
import { writeSource } from '../../api/source.ts'
import { decide } from '../../engine.ts'
import { listFew } from '../../lint/survey/list-few.ts'
import { configurationOf } from '../configured.ts'
import { type Check, couldNotLook, doubt, fine } from '../finding.ts'

const most = 8

export const isolation: Check = {
  name: 'isolation',
  judge: ({ namespaces: look, configured }) => {
    if ('unseen' in look) return [couldNotLook(look.unseen)]
    const configuration = configurationOf(configured)
    const { intent, snapshot, problems } = decide(look.seen, configuration)
    const byHand = [...snapshot.namespaces.keys()].sort().map(name => ({ name, ...intent.isolationOf(name) }))
    const said = isolationModes.flatMap(mode => {
      const names = byHand.filter(({ byHand, isolation }) => byHand && isolation === mode).map(({ name }) => name)
      return names.length === 0 ? [] : [`${mode} in ${listFew(names, most)}`]
    })
    return [
      fine([`${configuration.isolation} where a namespace says nothing`, ...said].join('; ')),
      ...problems.map(({ source, message, fix }) =>
        doubt(`${writeSource(source)}: ${message}`, 'its policies stay as they are', fix),
      ),
    ]
  },
}
