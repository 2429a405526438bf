import { expect, test } from 'vitest'
import { type ProblemKind, problemKinds } from '../../../src/api/problem.ts'
import { problemsPage } from '../../../src/report/problems/page.ts'

const sections = problemsPage().split(/^## /m).slice(1)

test('the page has a section for every code, in the order of the codes', () => {
  expect(sections.map(section => section.split('\n')[0])).toEqual(Object.keys(problemKinds).sort())
})

test.each(Object.entries<ProblemKind>(problemKinds))(
  'the section of %s says what, why, and shows both examples',
  (code, kind) => {
    const section = sections.find(section => section.startsWith(`${code}\n`))
    expect(section).toContain(`**${kind.title}** (${kind.severity})`)
    expect(section).toContain(kind.why)
    expect(section).toContain(`\`\`\`yaml\n${kind.example.bad}\n\`\`\``)
    expect(section).toContain(`\`\`\`yaml\n${kind.example.good}\n\`\`\``)
    expect(problemsPage()).toContain(`](#${code})`)
  },
)
