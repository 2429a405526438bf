/** Are malformed annotations refused when they are written, and our policies kept from others? */
import type { Admission } from '../facts.ts'
import { type Check, couldNotLook, doubt, fine, type Remark } from '../finding.ts'

export const admission: Check = {
  name: 'admission policies',
  judge: ({ admission: look }) => {
    if ('unseen' in look) return [couldNotLook(look.unseen)]
    return look.seen ? [judge(look.seen)] : [fine('not to be had here: the API server does not serve them')]
  },
}

function judge({ policies, bound }: Admission): Remark {
  const [idle] = policies.filter(name => !bound.includes(name))
  if (idle !== undefined)
    return doubt(`${idle} has no binding`, 'it refuses nothing', 'kubectl apply -k config/admission')
  if (policies.length > 0) return fine(`${policies.join(', ')}`)
  return {
    ...fine('none, which is fine'),
    why: 'mistakes in annotations are told by Events alone',
    fix: 'kubectl apply -k config/admission has them refused',
  }
}
