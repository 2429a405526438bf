/** Which random applications are played, unless the environment says otherwise. */
export const usual = { seed: 20, runs: 200 }

export const chosen = {
  seed: Number(process.env.PACKETS_SEED ?? usual.seed),
  runs: Number(process.env.PACKETS_RUNS ?? usual.runs),
}
