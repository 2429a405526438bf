import { describe, expect, test } from 'vitest'
import { writePort } from '../../src/api/ports.ts'
import { readExpectations } from '../../src/report/expectations.ts'

function read(text: string): readonly string[] {
  const { expectations, troubles } = readExpectations('e.txt', text)
  return [
    ...expectations.map(
      ({ place, from, to, port, expect }) =>
        `${place.line}:${place.column} ${from} -> ${to} ${writePort(port)} ${expect}`,
    ),
    ...troubles.map(({ place, message, fix }) => `${place.line}:${place.column} ${message}; ${fix}`),
  ]
}

describe('a line of expectation', () => {
  test('says from whom to whom, on which port, and what is to hold', () => {
    expect(read('web -> api:5000 allowed\n  shop/deploy/web -> bi/tier:one/db:53/UDP   denied')).toEqual([
      '1:1 web -> api 5000 allowed',
      '2:3 shop/deploy/web -> bi/tier:one/db 53/UDP denied',
    ])
  })

  test('may stand among comments and blank lines', () => {
    expect(read('\uFEFF# shop\r\n\r\nweb -> api:5000 allowed # as it was\r\n')).toEqual(['3:1 web -> api 5000 allowed'])
  })

  test('puts an IPv6 address in brackets where a port follows', () => {
    expect(read('2001:db8::2 -> [2001:db8::1]:443 denied')).toEqual(['1:1 2001:db8::2 -> 2001:db8::1 443 denied'])
    expect(read('web -> 2001:db8::1 denied')[0]).toContain('[2001:db8::1]:PORT')
  })

  test('may name a port, a range, and a protocol in small letters', () => {
    expect(read('a -> b:http allowed\na -> b:80-90/udp allowed')).toEqual([
      '1:1 a -> b http allowed',
      '2:1 a -> b 80-90/UDP allowed',
    ])
  })

  test('without a port is an error, also for a tier', () => {
    expect(read('web -> api allowed')).toEqual(["1:1 'api' has no port; write api:PORT, such as api:80"])
    expect(read('web -> tier:api allowed')).toEqual([
      "1:1 'tier:api' has no port; write tier:api:PORT, such as tier:api:80",
    ])
  })

  test('that cannot be read is an error with its place', () => {
    expect(read('web -> api:5000 allowed\nweb api:5000 allowed')[1]).toBe(
      "2:1 'web api:5000 allowed' is no expectation; write FROM -> TO:PORT[/PROTOCOL] allowed|denied",
    )
    expect(read('web -> api:5000 alowed')[0]).toContain('neither allowed nor denied')
    expect(read('web -> api:70000 allowed')[0]).toContain('outside of 1 to 65535')
  })
})

describe('expectations in YAML', () => {
  test('are a list of the same lines', () => {
    expect(read('---\n- web -> api:5000 allowed\n# so far\n- "tier:web -> [::1]:1 denied"')).toEqual([
      '2:3 web -> api 5000 allowed',
      '4:3 tier:web -> ::1 1 denied',
    ])
  })

  test('are a list of maps', () => {
    expect(
      read(`- {from: web, to: api, port: 5000, expect: allowed}
- from: anywhere
  to: "2001:db8::1"
  port: "53"
  protocol: UDP
  expect: denied
- {from: web, to: tier:api, port: 5000, expect: denied}`),
    ).toEqual([
      '1:3 web -> api 5000 allowed',
      '2:3 anywhere -> 2001:db8::1 53/UDP denied',
      '7:3 web -> tier:api 5000 denied',
    ])
  })

  test('are JSON as well', () => {
    expect(read('[{"from":"web","to":"api","port":5000,"expect":"allowed"}]')).toEqual(['1:2 web -> api 5000 allowed'])
  })

  test('that cannot be read are errors with their places', () => {
    expect(read('- {from: web, to: api, port: 5000, expects: allowed}')[0]).toMatch(/^1:3 this is no expectation: /)
    expect(read('- *nobody')[0]).toMatch(/^1:3 this is no expectation/)
    expect(read('- [')[0]).toContain('this is no valid YAML')
    expect(read('---\nweb: api')[0]).toContain('this is no list of expectations')
  })
})

test('a file without any expectation is an error', () => {
  for (const text of ['', '# nothing\n', '[]\n']) expect(read(text)[0]).toContain('there is no expectation in it')
})
