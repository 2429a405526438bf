import { describe, expect, it } from 'vitest'
import { readPortList, writePorts } from '../../src/api/ports.ts'

describe('the grammar of ports', () => {
  it('reads numbers, ranges and names with their protocols, in one order', () => {
    const { ports, faults } = readPortList('metrics, 8000-8010, 53/UDP, 5000, 9090/TCP, 5000')
    expect(faults).toEqual([])
    expect(writePorts(ports)).toBe('53/UDP, 5000, 8000-8010, 9090, metrics')
  })

  it('reads a range of one port as the port', () => {
    expect(writePorts(readPortList('80-80').ports)).toBe('80')
  })

  it('reads none as no ports', () => {
    expect(readPortList('none')).toEqual({ ports: [], faults: [] })
  })

  it.each([
    ['80-79', /write 79-80/],
    ['0', /1 to 65535|without leading zeros/],
    ['65536', /1 to 65535/],
    ['080', /leading zeros/],
    ['80/tcp', /80\/TCP/],
    ['80/ICMP', /TCP, UDP or SCTP/],
    ['http-', /at most 15/],
    ['a--b', /at most 15/],
    ['abcdefghijklmnop', /at most 15/],
    ['8_0', /at most 15/],
    ['80:90', /at most 15/],
  ])('refuses %s and says what to write', (text, fix) => {
    const { ports, faults } = readPortList(text)
    expect(ports).toEqual([])
    expect(faults.map(({ code }) => code)).toEqual(['port-invalid'])
    expect(faults[0]?.fix).toMatch(fix)
  })

  it('refuses more than 64 ports', () => {
    const list = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1}`).join(',')
    expect(readPortList(list(64)).faults).toEqual([])
    expect(readPortList(list(65)).faults.map(({ code }) => code)).toEqual(['list-too-long'])
  })
})
