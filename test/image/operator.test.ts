import { startOnThisMachine } from './cluster.ts'
import { describeOperator } from './operator.ts'

describeOperator('a real control plane', startOnThisMachine)
