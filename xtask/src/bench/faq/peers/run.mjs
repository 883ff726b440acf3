// One matcher on one set, in a process of its own, so that no library's garbage is collected in another one's time.
//
//   node run.mjs MATCHER SET.json INDEX OUT.json
//
// A matcher is a module beside this one whose `build(set)` returns
//
//   search(text)  [place of the best entry, confidence], or [-1, 0] when nothing is found; or a promise of it
//   index()       what a browser would load instead of building the index itself, with the texts of the answers
//
// The set is `{ lang, entries: [{ id, questions, answer }], queries: [text] }` with entries numbered from 0. INDEX is
// written with the index, OUT with `{ best, confidence, us, build_ms }`, the first three with one item a query.
import { readFileSync, writeFileSync } from 'node:fs'

const [, , matcher, from, indexTo, to] = process.argv
const { build } = await import(`./${matcher}.mjs`)
const set = JSON.parse(readFileSync(from, 'utf8'))

const start = performance.now()
const { search, index } = await build(set)
const build_ms = performance.now() - start

// Half a second for the compiler, whatever the library makes of it.
for (let i = 0; performance.now() - start < build_ms + 500 && i < set.queries.length; i += 1) await search(set.queries[i])

const result = { best: [], confidence: [], us: [], build_ms }
// Three times where that does not take for ever, and the least of each question: other programs only ever add.
const asking = performance.now()
for (let pass = 0; pass === 0 || (pass < 3 && performance.now() - asking < 10_000); pass += 1) {
  for (const [i, text] of set.queries.entries()) {
    const before = performance.now()
    const found = search(text)
    // A promise costs a turn of the loop, which is the library's own choice.
    const [best, confidence] = found instanceof Promise ? await found : found
    const us = (performance.now() - before) * 1e3
    result.us[i] = Math.min(us, result.us[i] ?? us)
    result.best[i] = best
    result.confidence[i] = confidence
  }
}
writeFileSync(indexTo, await index())
writeFileSync(to, JSON.stringify(result))
