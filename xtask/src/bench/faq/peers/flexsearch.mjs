// FlexSearch: beginnings of words, suggestions where not every word is found, and its own encoder for Chinese,
// Japanese and Korean. It has no scores; that it found something at all is the only confidence there is.
import { Charset, Document } from 'flexsearch'

export function build({ lang, entries }) {
  const index = new Document({
    document: { id: 'id', index: ['questions', 'answer'] },
    tokenize: 'forward',
    encoder: /^(zh|ja|ko)\b/.test(lang) ? Charset.CJK : Charset.LatinBalance,
  })
  for (const { id, questions, answer } of entries) index.add({ id, questions: questions.join('\n'), answer })
  return {
    search(text) {
      // One list a field, the questions' first.
      const [first] = index.search(text, { suggest: true, limit: 1 })
      return first && first.result.length > 0 ? [first.result[0], 1] : [-1, 0]
    },
    async index() {
      const parts = {}
      await index.export((key, part) => { parts[key] = part })
      return JSON.stringify({ parts, entries })
    },
  }
}
