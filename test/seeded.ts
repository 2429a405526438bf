/** fast-check with the same inputs in every run, so that a red test is about the change. PROPERTY_SEED looks further: a number, or `random`. */
import fc from 'fast-check'

const { PROPERTY_SEED: said = '1' } = process.env
const seed = said === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(said)
if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED is ${said}: write a whole number, or random`)
fc.configureGlobal({ seed })

export default fc
