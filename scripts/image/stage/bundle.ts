/** The sources and what they use of their packages, as a few files; says whose code is in them. */
import { join, relative, sep } from 'node:path'
import { rolldown } from 'rolldown'

/** Paths as in package-lock.json: `node_modules/yaml`. */
export type PackagePaths = ReadonlySet<string>

/** Whole, the packages would be 100 MB, most of them types and classes that nobody asks for. */
export async function bundle(root: string, folder: string): Promise<PackagePaths> {
  const build = await rolldown({
    input: join(root, 'src/cli/main.ts'),
    platform: 'node',
    tsconfig: false,
    onLog(level, { message }) {
      if (level === 'warn') throw new Error(`the bundler warns: ${message}`)
    },
  })
  // What is for readers goes, licences among it, which /app/LICENSES has. Names stay, for whoever reads a stack.
  const minify = { compress: true, mangle: false, codegen: { removeWhitespace: true } }
  const { output } = await build.write({ dir: folder, comments: false, minify })
  const modules = output.flatMap(part => (part.type === 'chunk' ? part.moduleIds : []))
  return new Set(modules.flatMap(id => packageOf(root, id) ?? []).sort())
}

function packageOf(root: string, id: string): string | undefined {
  // The bundler adds a few lines of its own.
  if (id.includes('rolldown/runtime')) return 'node_modules/rolldown'
  const path = relative(root, id).split(sep).join('/')
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]
}
