// MiniSearch with prefixes, fuzziness and a boost, as its README shows them.
import MiniSearch from 'minisearch'

export function build({ entries }, options = {}) {
  const index = new MiniSearch({
    fields: ['questions', 'answer'],
    storeFields: ['questions', 'answer'],
    extractField: (entry, field) => (Array.isArray(entry[field]) ? entry[field].join('\n') : entry[field]),
    searchOptions: { prefix: true, fuzzy: 0.2, boost: { questions: 2 } },
    ...options,
  })
  index.addAll(entries)
  return {
    search(text) {
      const [first] = index.search(text)
      return first ? [first.id, first.score] : [-1, 0]
    },
    index: () => JSON.stringify(index),
  }
}
