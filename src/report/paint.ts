/** What a piece of text means, for whoever can show it in colour. */

export type Meaning = 'good' | 'bad' | 'doubtful' | 'strong' | 'faint'
export type Paint = (meaning: Meaning, text: string) => string

export const plain: Paint = (_, text) => text
