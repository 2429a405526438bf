/** The blocks of a page → what a reader does from top to bottom: writes files and runs commands. */
import { type Block, findBlocks } from './blocks.ts'
import type { Page } from './pages.ts'

export type Step = FileStep | CommandStep

/** A block whose first line is a comment with nothing but a file's name. */
export interface FileStep {
  readonly does: 'file'
  readonly name: string
  readonly text: string
}

export interface CommandStep {
  readonly does: 'command'
  /** Where a person finds it. */
  readonly place: string
  readonly command: string
  /** What the page says that it prints, if it says so. */
  readonly shows: string | undefined
}

export const shells = ['sh', 'bash', 'console']

export function readSteps(page: Page): readonly Step[] {
  return findBlocks(page).flatMap((block): readonly Step[] => {
    if (shells.includes(block.language)) return readCommands(block)
    const name = /^# ([\w/-]+\.(?:ya?ml|txt))\n/.exec(block.text)?.[1]
    return name === undefined ? [] : [{ does: 'file', name, text: `${block.text}\n` }]
  })
}

export function commandsOf(page: Page): readonly CommandStep[] {
  return readSteps(page).filter(step => step.does === 'command')
}

function readCommands(block: Block): readonly CommandStep[] {
  return block.language === 'console' ? readConsole(block) : readScript(block)
}

/** A command a line; what follows the block is printed by the last one. */
function readScript({ page, line, text, shows }: Block): readonly CommandStep[] {
  const commands = text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter(command => command !== '' && !command.startsWith('#'))
  const place = `${page}:${line}`
  return commands.map((command, index) => ({
    does: 'command',
    place,
    command,
    shows: index === commands.length - 1 ? shows : undefined,
  }))
}

/** Commands stand behind a dollar, each before what it prints. */
function readConsole({ page, line, text }: Block): readonly CommandStep[] {
  if (!text.startsWith('$ ')) throw new Error(`${page}:${line}: a console block begins with a dollar and a command`)
  return text
    .replaceAll(/\\\n\s*/g, '')
    .slice(2)
    .split(/\n\$ /)
    .map(part => {
      const [command = '', ...printed] = part.split('\n')
      return { does: 'command', place: `${page}:${line}`, command, shows: printed.join('\n').trimEnd() }
    })
}
