/** Is there anything in the configuration that is not used as it stands? */
import { writeSource } from '../../api/source.ts'
import { type Check, couldNotLook, failure, fine } from '../finding.ts'

export const configuration: Check = {
  name: 'configuration',
  judge: ({ configured }) => {
    if ('unseen' in configured) return [couldNotLook(configured.unseen)]
    const { from, problems } = configured.seen
    if (problems.length === 0) return [fine(from ?? 'the defaults')]
    const why = 'it is not used as it stands'
    return problems.map(({ source, message, fix }) => {
      const place = source.said === 'configuration' ? `${from} ${writeSource(source)}` : writeSource(source)
      return failure(`${place.replace(/ configuration /, ' ').trim()}: ${message}`, why, fix)
    })
  },
}
