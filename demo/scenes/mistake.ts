/** A mistake in an annotation is refused where it is made, and nothing changes. */
import { annotation } from '../../src/api/annotations.ts'
import type { Stage } from '../stage.ts'
import { expectSoon } from '../wait.ts'
import { apiByObject, expectPromise } from './promise.ts'

const text = 'api, Backup'
const words = ['annotate', 'sts', 'db', '-n', 'shop', `${annotation.from}=${text}`]

export async function makeMistake(stage: Stage): Promise<void> {
  const { screen, kubectl, patience } = stage
  // An admission policy holds only a moment after it is stored.
  await expectSoon(async () => {
    const { stderr } = await kubectl.run([...words, '--dry-run=server'])
    return stderr.includes('denied request') ? undefined : `${annotation.from}: ${text} is still accepted`
  }, patience)
  screen.title('6. A mistake is refused where it is made')
  screen.command(`kubectl annotate sts db -n shop ${annotation.from}='${text}'`)
  const { code, stderr } = await kubectl.run(words)
  if (code === 0) throw new Error(`${annotation.from}: ${text} was accepted`)
  screen.say(stderr.trim())
  await expectPromise(stage, apiByObject)
  screen.lines('')
  screen.say('So db keeps the annotations and the policies that it had.')
}
