/** What the operator is called in the cluster that it is installed in. */
import { defaultConfiguration } from '../api/configuration.ts'
import { operator } from '../live/resources.ts'

export const operatorNamespace = defaultConfiguration.operatorNamespace

/** Of its ServiceAccount and its Deployment, and the beginning of all that gives it rights. */
export const operatorName = operator.account
