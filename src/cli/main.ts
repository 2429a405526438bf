#!/usr/bin/env node
/** The command line: words in, an exit code out. One file a command; this one only puts them together. */
import { Command } from 'commander'
import { addDoctor } from './doctor.ts'
import { addExplain } from './explain.ts'
import { addFn } from './fn.ts'
import { addGraph } from './graph.ts'
import { addLint } from './lint.ts'
import { addPlan } from './plan.ts'
import { addRender } from './render.ts'
import { addRun } from './run.ts'
import { leaveQuietlyOnClosedPipes, tellBug } from './terminal.ts'
import { addUninstall } from './uninstall.ts'
import { addVerify } from './verify.ts'
import { version } from './version.ts'

leaveQuietlyOnClosedPipes()

const program = new Command('tierwall')
  .description('Say which tier a workload belongs to; Tierwall writes the NetworkPolicies.')
  .version(version)
  .showHelpAfterError('(--help shows an example)')
  .addHelpText(
    'after',
    `
Examples:
  $ tierwall lint -f k8s/
  $ tierwall render -f k8s/ | kubectl apply -f -
  $ tierwall explain web db -f k8s/
  $ tierwall plan -f k8s/`,
  )
const offline = [addRender, addLint, addVerify, addFn]
const live = [addExplain, addGraph, addPlan, addRun, addDoctor, addUninstall]
for (const add of [...offline, ...live]) add(program)

process.on('uncaughtException', tellBug)
await program.parseAsync()
