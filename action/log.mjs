/** Lines of a job's log: GitHub shows some of them at their place in the files, and takes others for orders. */
import { onOneLine } from './markdown.mjs'

/** GitHub shows ten of a kind. */
const most = 10

export function annotate(problems, print = console.log) {
  for (const severity of ['error', 'warning']) {
    const some = problems.filter(problem => problem.severity === severity && problem.file !== undefined).slice(0, most)
    for (const { file, line, column, code, message, fix } of some)
      print(
        `::${severity} file=${property(file)},line=${line},col=${column},title=${property(code)}::${escapeText(`${message}; ${fix}`)}`,
      )
  }
}

export function tell(kind, text, print = console.log) {
  print(`::${kind}::${escapeText(onOneLine(text))}`)
}

const escapeText = text => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = text => escapeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
