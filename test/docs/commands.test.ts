/** Every command of the pages is run as it stands there: those that need no cluster here, the others in test/controlplane. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { leftOut } from './left-out.ts'
import { findNeeds } from './needs.ts'
import { pages } from './pages.ts'
import { findDifference } from './shown.ts'
import { commandsOf, readSteps } from './steps.ts'
import { openWorkshop } from './workshop.ts'

const isLeftOut = (command: string) => leftOut.some(one => one.command === command)
const runsHere = (command: string) => findNeeds(command) === 'nothing' && !isLeftOut(command)

const pagesToRun = pages.filter(page => commandsOf(page).some(({ command }) => runsHere(command)))

test.each(pagesToRun)(
  'the commands of $path print what the page shows',
  async page => {
    const workshop = await openWorkshop()
    onTestFinished(() => workshop.clear())
    for (const step of readSteps(page)) {
      if (step.does === 'file') await workshop.write(step.name, step.text)
      else if (runsHere(step.command)) expect(findDifference(step, await workshop.run(step.command))).toBeUndefined()
    }
  },
  300_000,
)

test('a command that no test can run is listed with the reason', () => {
  const unknown = pages
    .flatMap(commandsOf)
    .filter(({ command }) => findNeeds(command) === 'else' && !isLeftOut(command))
    .map(({ place, command }) => `${place}: ${command}`)
  expect(unknown, 'make them run, or list them in test/docs/left-out.ts').toEqual([])
})

test('a command that is listed stands on some page', () => {
  const commands = pages.flatMap(commandsOf).map(({ command }) => command)
  expect(leftOut.map(({ command }) => command).filter(command => !commands.includes(command))).toEqual([])
})

describe('what a command needs', () => {
  test.each([
    ['npx tierwall render -f examples/three-tier', 'nothing'],
    ['tierwall explain web db -f shop.yaml > answer.txt', 'nothing'],
    ['tierwall explain web db', 'cluster'],
    ['tierwall plan -f shop.yaml', 'cluster'],
    ['tierwall plan -f new --against old', 'nothing'],
    ['tierwall render -f shop.yaml | kubectl apply -f -', 'cluster'],
    ["kubectl get deployment -o jsonpath='{.items[0]; docker}'", 'cluster'],
    ['docker pull tierwall', 'else'],
    ['tierwall render -f shop.yaml && docker pull tierwall', 'else'],
  ] as const)('%s: %s', (command, needs) => {
    expect(findNeeds(command)).toBe(needs)
  })
})

describe('what is shown', () => {
  const step = (command: string, shows?: string) => ({ does: 'command', place: 'page:1', command, shows }) as const

  test.each([
    ['tierwall lint -f a', 'clean', { code: 0, output: 'clean\n' }],
    [
      'tierwall explain a b -f a',
      'DENIED a\n...\n  to open it:',
      { code: 3, output: 'DENIED a\n1\n2\n  to open it:\n' },
    ],
    ['tierwall lint -f a', 'a.yaml:1:1: error x', { code: 1, output: 'a.yaml:1:1: error x\n' }],
    ['kubectl get tiers', 'NAME  AGE\nweb   4s', { code: 0, output: 'NAME    AGE\nweb     1m2s\n' }],
    ['tierwall plan', undefined, { code: 2, output: 'some' }],
  ])('%s may print what fits %s', (command, shows, printed) => {
    expect(findDifference(step(command, shows), printed)).toBeUndefined()
  })

  test.each([
    ['tierwall lint -f a', 'clean', { code: 0, output: '1 warning\n' }],
    ['tierwall lint -f a', 'clean', { code: 1, output: 'clean\n' }],
    ['tierwall explain a b -f a', 'ALLOWED a', { code: 3, output: 'ALLOWED a\n' }],
    ['tierwall lint -f a', 'one\n...\nthree', { code: 0, output: 'one\ntwo\n' }],
    ['kubectl get tiers', undefined, { code: 1, output: 'refused' }],
  ])('%s may not print anything but %s', (command, shows, printed) => {
    expect(findDifference(step(command, shows), printed)).toContain(`$ ${command}\nended with ${printed.code}`)
  })
})
