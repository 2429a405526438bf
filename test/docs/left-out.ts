/** The commands of the pages that no test runs as they stand there, each with the reason. All others are run. */

export interface LeftOut {
  readonly command: string
  readonly because: string
}

const noPods = 'it needs pods that run, and the control plane of the tests has no node'
const noCustomResource = "it needs the Prometheus Operator's definitions; monitoring.test.ts checks the files"

export const leftOut: readonly LeftOut[] = [
  { command: 'make demo', because: 'test/controlplane/demo.test.ts runs it' },
  { command: 'make release', because: 'test/release/build.test.ts does, on a copy of the repository' },
  { command: 'npm ci', because: 'it downloads; whoever runs the tests has done it' },
  {
    command: 'kustomize build --enable-alpha-plugins --enable-exec k8s',
    because: 'test/release/pipeline.test.ts runs it: kustomize is built for that',
  },
  { command: 'kubectl wait -n shop --for=condition=Available deployment --all', because: noPods },
  { command: 'kubectl exec -n shop deploy/web -- curl -s -m 3 http://api:5000', because: noPods },
  { command: 'kubectl exec -n shop deploy/web -- curl -s -m 3 http://db:3306', because: noPods },
  { command: 'kubectl logs -n tierwall-system deployment/tierwall-operator', because: noPods },
  { command: 'kubectl apply -f monitoring/service-monitor.yaml', because: noCustomResource },
  { command: 'kubectl apply -f monitoring/prometheus-rules.yaml', because: noCustomResource },
]
