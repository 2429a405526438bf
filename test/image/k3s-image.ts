/** Kubernetes in a container, of the version that the control plane of the other tests has. */
export const k3sImage = 'docker.io/rancher/k3s:v1.36.0-k3s1'
