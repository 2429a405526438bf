import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../../src/cluster/index.ts'
import { createBatches, type RunBatch } from '../../../src/operator/batches.ts'
import { createOccupied } from '../../../src/operator/occupied.ts'
import { settle, TestClock } from '../../cluster/given.ts'

interface Running {
  readonly namespaces: readonly string[]
  readonly close: () => void
  readonly end: (outcomes?: ReadonlyMap<string, Outcome>) => void
}

function start() {
  const running: Running[] = []
  const run: RunBatch = (namespaces, onClosed) =>
    new Promise(resolve => {
      running.push({ namespaces, close: onClosed, end: (outcomes = new Map()) => resolve(outcomes) })
    })
  const batches = createBatches({ clock: new TestClock(), run })
  return { running, batches, names: () => running.map(({ namespaces }) => namespaces.join()) }
}

test('deciding gets at most a third of the time: what comes meanwhile is decided together', async () => {
  const clock = new TestClock()
  const batches: string[] = []
  const run: RunBatch = async (namespaces, onClosed) => {
    batches.push(namespaces.join())
    clock.freeze(100)
    onClosed()
    return new Map()
  }
  const { join } = createBatches({ clock, run })
  void join('a')
  await settle()
  for (const name of ['b', 'c']) {
    void join(name)
    await clock.advance(90)
  }
  expect(batches).toEqual(['a'])
  await clock.advance(30)
  expect(batches).toEqual(['a', 'b,c'])
})

describe('batches', () => {
  test('take together what comes in the same moment', async () => {
    const { batches, names } = start()
    for (const name of ['b', 'a']) void batches.join(name)
    await settle()
    expect(names()).toEqual(['a,b'])
  })

  test('wait until all that shuts has shut', async () => {
    const { batches, running, names } = start()
    void batches.join('a')
    await settle()
    void batches.join('b')
    await settle()
    expect(names()).toEqual(['a'])
    running[0]?.close()
    await settle()
    expect(names()).toEqual(['a', 'b'])
  })

  test('gather while three are under way', async () => {
    const { batches, running, names } = start()
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      void batches.join(name)
      await settle()
      running.at(-1)?.close()
      await settle()
    }
    expect(names()).toEqual(['a', 'b', 'c'])
    running[1]?.end()
    await settle()
    expect(names()).toEqual(['a', 'b', 'c', 'd,e'])
  })

  test('answer each namespace with what became of it', async () => {
    const { batches, running } = start()
    const [a, b] = [batches.join('a'), batches.join('b')]
    await settle()
    running[0]?.end(new Map([['b', { is: 'failed' }]]))
    expect(await Promise.all([a, b])).toEqual([{ is: 'done' }, { is: 'failed' }])
  })

  test('go on after one that threw', async () => {
    let calls = 0
    const run: RunBatch = async () => {
      calls++
      if (calls === 1) throw new Error('a mistake')
      return new Map()
    }
    const batches = createBatches({ clock: new TestClock(), run })
    await expect(batches.join('a')).rejects.toThrow('a mistake')
    expect(await batches.join('a')).toEqual({ is: 'done' })
  })
})

test('nobody enters a namespace that somebody is at work in, and nobody waits for others', async () => {
  const occupied = createOccupied()
  const entered: string[] = []
  const enter = async (who: string, namespaces: readonly string[]) => {
    const leave = await occupied.enter(namespaces)
    entered.push(who)
    return leave
  }
  const leave = await enter('first', ['a', 'b'])
  const second = enter('second', ['b', 'c'])
  const third = enter('third', ['d'])
  await settle()
  expect(entered).toEqual(['first', 'third'])
  leave()
  await Promise.all([second, third])
  expect(entered).toEqual(['first', 'third', 'second'])
})
