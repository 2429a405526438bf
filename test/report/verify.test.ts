import { describe, expect, test } from 'vitest'
import { readExpectations } from '../../src/report/expectations.ts'
import { countAsText, failuresAsText, troublesAsText, verifyExpectations } from '../../src/report/verify.ts'
import { contextOf, pod, threeTiers } from './shop.ts'

function verify(lines: string, yaml: string) {
  const context = contextOf(yaml)
  const verification = verifyExpectations(readExpectations('e.txt', lines), 'shop', context)
  return {
    failures: failuresAsText(verification, context),
    troubles: troublesAsText(verification.troubles),
    count: countAsText(verification),
  }
}

describe('verifying', () => {
  test('counts what holds and what does not', () => {
    const { count } = verify('web -> api:5000 allowed\nweb -> db:3306 denied\nanywhere -> db:3306 allowed', threeTiers)
    expect(count).toBe('2 hold, 1 does not\n')
    expect(verify('web -> db:3306 denied', threeTiers).count).toBe('1 holds, 0 do not\n')
  })

  test('explains each line that does not hold', () => {
    const { failures } = verify('web -> api:5000 allowed\n\nweb -> db:3306 allowed', threeTiers)
    expect(failures).toMatch(/^e\.txt:3:1: does not hold: web -> db:3306 allowed\n {2}DENIED web -> db:3306\/TCP\n/)
    expect(failures).toContain('write tierwall.dev/allow-from: "api, web" on StatefulSet shop/db')
  })

  test('fails what it cannot judge, naming the line and the near match', () => {
    const { troubles, count } = verify('wbe -> api:5000 denied\nweb -> api denied', threeTiers)
    expect(troubles).toBe(
      "e.txt:1:1: error: there is no wbe in the input; did you mean shop/deployment/web?\ne.txt:2:1: error: 'api' has no port; write api:PORT, such as api:80\n",
    )
    expect(count).toBe('0 hold, 0 do not, 2 cannot be judged\n')
  })

  test('holds neither allowed nor denied where it depends on the pod', () => {
    const policy = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {matchLabels: {held: "yes"}}}
`
    const yaml = `${pod('a')}${pod('b-0', { labels: '{held: "yes"}', ip: '10.0.0.7' })}${pod('b-1', { ip: '10.0.0.7' })}${policy}`
    const { count } = verify('a -> 10.0.0.7:80 allowed\na -> 10.0.0.7:80 denied', yaml)
    expect(count).toBe('0 hold, 2 do not\n')
  })

  test('works on Pods and NetworkPolicies alone', () => {
    const policy = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}}
`
    expect(verify('a -> b:80 denied\na -> 8.8.8.8:53/UDP allowed', pod('a') + pod('b') + policy).count).toBe(
      '2 hold, 0 do not\n',
    )
  })
})
