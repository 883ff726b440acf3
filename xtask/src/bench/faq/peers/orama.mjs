// Orama with one slip allowed and a boost, in the language of the set where it knows it, and with its own tokenizers
// for Chinese and Japanese, whose words are too short for slips.
import { create, insertMultiple, save, search } from '@orama/orama'
import { createTokenizer as japanese } from '@orama/tokenizers/japanese'
import { createTokenizer as mandarin } from '@orama/tokenizers/mandarin'

const languages = { ar: 'arabic', de: 'german', es: 'spanish', fr: 'french', hi: 'indian', pt: 'portuguese', ru: 'russian' }
const tokenizers = { ja: japanese, zh: mandarin }

export async function build({ lang, entries }) {
  const primary = lang.split('-')[0]
  const tokenizer = tokenizers[primary]?.()
  const db = create({
    schema: { place: 'number', questions: 'string[]', answer: 'string' },
    ...(tokenizer ? { components: { tokenizer } } : { language: languages[primary] ?? 'english' }),
  })
  await insertMultiple(db, entries.map(({ id, questions, answer }) => ({ id: `${id}`, place: id, questions, answer })))
  const found = ({ hits: [first] }) => (first ? [first.document.place, first.score] : [-1, 0])
  return {
    search(term) {
      const result = search(db, { term, tolerance: tokenizer ? 0 : 1, boost: { questions: 2 }, limit: 1 })
      return result instanceof Promise ? result.then(found) : found(result)
    },
    index: () => JSON.stringify(save(db)),
  }
}
