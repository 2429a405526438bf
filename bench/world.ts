/** A cluster as text: twenty Deployments a namespace, four tiers of five apps, with peers of the usual kinds. */

const tiers = [
  'tierwall.dev/tier: web',
  'tierwall.dev/tier: api\n    tierwall.dev/allow-to: internet:443',
  'tierwall.dev/tier: db',
  'tierwall.dev/tier: worker\n    tierwall.dev/ports: 8080, metrics\n    tierwall.dev/allow-from: api, 10.0.0.0/8!10.1.0.0/16:metrics\n    tierwall.dev/allow-to: db',
] as const

const perNamespace = 20

export function writeWorld(deployments: number): string {
  return Array.from({ length: deployments }, (_, index) => deployment(index)).join('')
}

function deployment(index: number): string {
  const name = `app-${index % perNamespace}`
  return `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: team-${Math.floor(index / perNamespace)}
  labels:
    app.kubernetes.io/part-of: shop-${Math.floor((index % perNamespace) / tiers.length)}
  annotations:
    ${tiers[index % tiers.length]}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: main
          image: registry.example/main:1
          ports:
            - containerPort: 8080
            - containerPort: 9090
              name: metrics
`
}
