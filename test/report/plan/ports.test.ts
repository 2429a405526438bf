import { describe, expect, test } from 'vitest'
import { everyPort, noPort, type PortSet, subtractPorts, writePortSet } from '../../../src/report/plan/ports.ts'

const only = (ports: Partial<PortSet>): PortSet => ({ ...noPort, ...ports })

describe('ports', () => {
  test('less others are what is left of each range', () => {
    expect(
      subtractPorts(
        only({ TCP: [[1, 100]] }),
        only({
          TCP: [
            [1, 9],
            [50, 60],
            [100, 200],
          ],
        }),
      ).TCP,
    ).toEqual([
      [10, 49],
      [61, 99],
    ])
    expect(subtractPorts(only({ TCP: [[80, 80]] }), only({ UDP: [[80, 80]] })).TCP).toEqual([[80, 80]])
  })

  test.each([
    ['5000/TCP', only({ TCP: [[5000, 5000]] })],
    ['53/TCP, 53/UDP', only({ TCP: [[53, 53]], UDP: [[53, 53]] })],
    ['8000-8010/TCP', only({ TCP: [[8000, 8010]] })],
    ['every TCP port', only({ TCP: [[1, 65535]] })],
    [
      'every TCP port but 80',
      only({
        TCP: [
          [1, 79],
          [81, 65535],
        ],
      }),
    ],
    ['every port', everyPort],
    ['every port but 5000/TCP', subtractPorts(everyPort, only({ TCP: [[5000, 5000]] }))],
    ['every port but 53/TCP, 53/UDP', subtractPorts(everyPort, only({ TCP: [[53, 53]], UDP: [[53, 53]] }))],
    ['every TCP port, every UDP port', subtractPorts(everyPort, only({ SCTP: [[1, 65535]] }))],
  ])('are written as %s', (text, ports) => {
    expect(writePortSet(ports)).toBe(text)
  })
})
