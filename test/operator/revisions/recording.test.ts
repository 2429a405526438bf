import { expect, it } from 'vitest'
import { readRecorded, sortEvents } from './recording.ts'

const eventAt = (revision: number) => {
  const metadata = { name: `made-at-${revision}`, uid: 'one', resourceVersion: `${revision}` }
  const object = readRecorded({ apiVersion: 'v1', kind: 'Namespace', metadata })
  return { revision, at: 0, deleted: false, object }
}

it('a recording has its events in the order of their revisions, whichever watch was faster', () => {
  const events = [101, 99, 1000, 100].map(eventAt)
  expect(sortEvents(events, 500).map(({ object }) => object.name)).toEqual(['made-at-99', 'made-at-100', 'made-at-101'])
})
