// Fuse.js in its token search, which its README recommends for questions of several words. Its score is 0 for a
// perfect match and 1 for none. Where no spaces part the words, the browser's own segmenter does, as recommended too.
import Fuse from 'fuse.js'

const keys = [{ name: 'questions', weight: 2 }, { name: 'answer', weight: 1 }]

export function build({ lang, entries }) {
  const index = Fuse.createIndex(keys, entries)
  const options = { keys, useTokenSearch: true, ignoreLocation: true, includeScore: true }
  if (/^(zh|ja|th)\b/.test(lang)) options.tokenize = segmented(lang)
  const fuse = new Fuse(entries, options, index)
  return {
    search(text) {
      const [first] = fuse.search(text, { limit: 1 })
      return first ? [first.item.id, 1 - first.score] : [-1, 0]
    },
    index: () => JSON.stringify({ index: index.toJSON(), entries }),
  }
}

function segmented(lang) {
  const segmenter = new Intl.Segmenter(lang, { granularity: 'word' })
  return (text) => Array.from(segmenter.segment(text), (part) => (part.isWordLike ? part.segment : '')).filter(Boolean)
}
