import {it} from 'vitest'
import {decide,desiredPolicies} from '/work/main/src/engine.ts'
import {readerOf} from '/work/main/src/api/kubernetes.ts'
import {readConfiguration} from '/work/main/src/api/configuration.ts'
it('x',()=>{
 const objs=[{apiVersion:'v1',kind:'Namespace',metadata:{name:'shop',labels:{'kubernetes.io/metadata.name':'shop'}}},
 ...['web','api','db'].map(t=>({apiVersion:'apps/v1',kind:'Deployment',metadata:{name:t,namespace:'shop',annotations:{'tierwall.dev/tier':t}},spec:{selector:{matchLabels:{app:t}},template:{metadata:{labels:{app:t}},spec:{containers:[{name:'c',ports:[{containerPort:80}]}]}}}})),
 {apiVersion:'v1',kind:'Service',metadata:{name:'kube-dns',namespace:'kube-system',labels:{'k8s-app':'kube-dns'}},spec:{selector:{'k8s-app':'kube-dns'},ports:[{name:'dns',port:53,protocol:'UDP',targetPort:53}]}}]
 const d=decide(objs.map(o=>{const r=readerOf(o.apiVersion,o.kind)!(o); if(!r.success) throw r.error; return r.data}),readConfiguration({}).configuration)
 console.log(JSON.stringify(desiredPolicies(d),null,1)); console.log(d.problems)
})
