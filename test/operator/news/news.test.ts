import { describe, expect, test } from 'vitest'
import { type Problem, problemAt } from '../../../src/api/problem.ts'
import { type ObjectRef, sourceAt, writeRef } from '../../../src/api/source.ts'
import type { EventNews } from '../../../src/cluster/index.ts'
import { lintDecision } from '../../../src/lint/index.ts'
import { createNews, type News, type Told } from '../../../src/operator/news/index.ts'
import { writeReason } from '../../../src/operator/news/words.ts'
import { decideYaml, workload } from '../../decide.ts'

const deployment: ObjectRef = { kind: 'Deployment', namespace: 'shop', name: 'db' }
const ports = ['metadata', 'annotations', 'tierwall.dev/ports']

function wrongPort(text = '80-79', object = deployment): Problem {
  return problemAt(sourceAt(object, ports), 'port-invalid', `'${text}' runs backwards`, 'write 79-80')
}

/** Keeps what is recorded; lets `room` through and drops the rest, as the real one does when there is too much. */
function listen(room = Number.POSITIVE_INFINITY, told?: Told) {
  const heard: EventNews[] = []
  let dropped = 0
  let left = room
  const recorder = {
    record: (news: EventNews) => {
      if (left-- > 0) heard.push(news)
      else dropped++
    },
    figures: () => ({ written: heard.length, dropped, waiting: 0 }),
  }
  const news = createNews({ recorder, told })
  const allow = (more: number) => {
    left = more
  }
  return { heard, allow, notes: () => heard.map(({ note }) => note), tell: tellWith(news) }
}

/** Every object is there, its name its uid. */
function tellWith(news: News, uidOf = (ref: ObjectRef): string | undefined => writeRef(ref)) {
  return (problems: readonly Problem[], namespace = 'shop', uids = uidOf) => news.tell(namespace, problems, uids)
}

describe('the news of problems', () => {
  test('are Warnings on the object, with the code as the reason and the field and the fix in the note', () => {
    const { heard, tell } = listen()
    expect(tell([wrongPort()])).toBe(0)
    expect(heard).toEqual([
      {
        regarding: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          namespace: 'shop',
          name: 'db',
          uid: 'Deployment shop/db',
        },
        type: 'Warning',
        reason: 'PortInvalid',
        action: 'Reconcile',
        note: "metadata.annotations[tierwall.dev/ports]: '80-79' runs backwards; write 79-80",
      },
    ])
  })

  test('are told once for as long as the problem stays', () => {
    const { notes, tell } = listen()
    for (let times = 0; times < 5; times++) tell([wrongPort()])
    expect(notes()).toHaveLength(1)
  })

  test('are told again when the problem changes, and when it went and comes back', () => {
    const { notes, tell } = listen()
    for (const problems of [[wrongPort()], [wrongPort('9-8')], [], [wrongPort('9-8')]]) tell(problems)
    expect(notes().map(note => /'(.*)'/.exec(note)?.[1])).toEqual(['80-79', '9-8', '9-8'])
  })

  test('are told again of an object that was made anew', () => {
    const { heard, tell } = listen()
    tell([wrongPort()])
    tell([wrongPort()], 'shop', () => 'another')
    expect(heard.map(({ regarding }) => regarding.uid)).toEqual(['Deployment shop/db', 'another'])
  })

  test('go on when one of several problems is solved', () => {
    const { notes, tell } = listen()
    tell([wrongPort('2-1'), wrongPort('4-3')])
    tell([wrongPort('4-3')])
    expect(notes()).toHaveLength(2)
    expect(tell([wrongPort('4-3'), wrongPort('2-1')])).toBe(0)
    expect(notes()).toHaveLength(3)
  })

  test('are kept apart by namespace: what is told of one says nothing of the others', () => {
    const other: ObjectRef = { kind: 'AppTier', namespace: 'bi', name: 'db' }
    const { notes, tell } = listen()
    const both = [wrongPort(), wrongPort('4-3', other)]
    tell(both, 'shop')
    expect(notes()).toHaveLength(1)
    tell(both, 'bi')
    tell([], 'shop')
    tell(both, 'bi')
    expect(notes()).toHaveLength(2)
  })

  test('of a Namespace are told where that namespace is looked at', () => {
    const problem = problemAt(
      sourceAt({ kind: 'Namespace', namespace: '', name: 'shop' }, ['metadata', 'annotations', 'i']),
      'isolation-invalid',
      "'on' is no isolation mode",
      'write enforce',
    )
    const { heard, tell } = listen()
    tell([problem], 'bi')
    tell([problem], 'shop')
    expect(heard.map(({ regarding }) => regarding)).toEqual([
      { apiVersion: 'v1', kind: 'Namespace', name: 'shop', uid: 'Namespace shop' },
    ])
  })

  test('leave out presets, the configuration, objects that are gone and kinds that are nobody’s own', () => {
    const { heard, tell } = listen()
    tell([
      problemAt({ said: 'configuration', path: ['peers'] }, 'port-name-outside', 'm', 'f'),
      problemAt({ said: 'preset', tier: 'db', field: 'ports' }, 'port-invalid', 'm', 'f'),
      wrongPort('1', { kind: 'APIService', namespace: 'shop', name: 'x' }),
      { ...wrongPort(), severity: 'info' },
    ])
    tell([wrongPort()], 'shop', () => undefined)
    expect(heard).toEqual([])
  })

  test('name the ports that the containers declare, where the tier names another', () => {
    const decision = decideYaml(workload('db', { tier: 'db', ports: '3307' }, { ports: [3306] }))
    const { notes, tell } = listen()
    tell(lintDecision(decision).filter(({ code }) => code === 'port-undeclared'))
    expect(notes()).toEqual([
      expect.stringMatching(/declares port 3307: they declare 3306; write tierwall\.dev\/ports: "3306"/),
    ])
  })

  test('keep a hostile text on its line', () => {
    const { notes, tell } = listen()
    tell([wrongPort('\u001b[31m\nfake')])
    expect(notes()).toEqual([
      "metadata.annotations[tierwall.dev/ports]: '\\u001b[31m\\u000afake' runs backwards; write 79-80",
    ])
  })

  test('that did not get through are counted, and told the next time', () => {
    const { notes, tell, allow } = listen(1)
    const problems = [wrongPort('2-1'), wrongPort('4-3'), wrongPort('6-5')]
    expect(tell(problems)).toBe(2)
    allow(1)
    expect(tell(problems)).toBe(1)
    allow(9)
    expect(tell(problems)).toBe(0)
    expect(tell(problems)).toBe(0)
    expect(notes()).toHaveLength(3)
  })

  test('were told already by whoever led before', () => {
    const first = listen()
    first.tell([wrongPort()])
    const [event] = first.heard
    if (event === undefined) throw new Error('nothing was told')
    const key = JSON.stringify([event.regarding.uid, event.reason, event.note])
    const { notes, tell } = listen(9, new Map([['shop', new Set([key])]]))
    tell([wrongPort(), wrongPort('2-1')])
    expect(notes()).toEqual([expect.stringContaining("'2-1'")])
    tell([])
    tell([wrongPort()])
    expect(notes()).toHaveLength(2)
  })
})

test.each([
  ['port-undeclared', 'PortUndeclared'],
  ['apptier-invalid', 'AppTierInvalid'],
  ['kube-apiserver-unknown', 'KubeApiserverUnknown'],
] as const)('the reason of %s is %s', (code, reason) => {
  expect(writeReason(code)).toBe(reason)
})
