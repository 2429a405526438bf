import { expect, test } from 'vitest'
import { createLinger } from '../../../src/operator/linger.ts'
import { TestClock } from '../../cluster/given.ts'

function start() {
  const clock = new TestClock()
  const over: string[] = []
  const linger = createLinger(clock.after.bind(clock), 2_000, (namespace, key) => over.push(`${namespace}: ${key}`))
  return { clock, over, linger }
}

test('what was deleted counts for two seconds more', async () => {
  const { clock, over, linger } = start()
  linger.begin('shop', 'Deployment shop/web')
  await clock.advance(1_900)
  expect(over).toEqual([])
  await clock.advance(200)
  expect(over).toEqual(['shop: Deployment shop/web'])
})

test('what comes again in time never went', async () => {
  const { clock, over, linger } = start()
  linger.begin('shop', 'Deployment shop/web')
  await clock.advance(1_000)
  linger.end('shop', 'Deployment shop/web')
  await clock.advance(5_000)
  expect(over).toEqual([])
})

test('with its namespace everything goes at once', () => {
  const { over, linger } = start()
  linger.begin('shop', 'Deployment shop/web')
  linger.begin('data', 'Deployment data/db')
  linger.release('shop')
  expect(over).toEqual(['shop: Deployment shop/web'])
})
