import { describe, expect, test } from 'vitest'
import { placeLease } from '../../src/live/place-lease.ts'

describe('the Lease is kept', () => {
  const operatorNamespace = 'tierwall-system'

  test("in the operator's namespace, whatever the kubeconfig says", () => {
    expect(placeLease({ operatorNamespace, isMissing: false, contextNamespace: 'mine' })).toBe(operatorNamespace)
  })

  test("in the kubeconfig's namespace where the operator's is not there, else in default", () => {
    expect(placeLease({ operatorNamespace, isMissing: true, contextNamespace: 'mine' })).toBe('mine')
    expect(placeLease({ operatorNamespace, isMissing: true, contextNamespace: undefined })).toBe('default')
  })
})
