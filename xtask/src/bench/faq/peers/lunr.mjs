// lunr with exact terms, then beginnings, then slips: the query that its guide on searching builds.
import lunr from 'lunr'

export function build({ entries }) {
  const index = lunr(function () {
    this.ref('id')
    this.field('questions', { boost: 2 })
    this.field('answer')
    for (const { id, questions, answer } of entries) this.add({ id, questions: questions.join('\n'), answer })
  })
  return {
    search(text) {
      const tokens = lunr.tokenizer(text).map((token) => token.toString()).filter((token) => token !== '')
      const [first] = index.query((query) => {
        for (const token of tokens) {
          query.term(token, { boost: 100 })
          query.term(token, { usePipeline: false, boost: 10, wildcard: lunr.Query.wildcard.TRAILING })
          query.term(token, { usePipeline: false, boost: 1, editDistance: 1 })
        }
      })
      return first ? [Number(first.ref), first.score] : [-1, 0]
    },
    index: () => JSON.stringify({ index, entries }),
  }
}
