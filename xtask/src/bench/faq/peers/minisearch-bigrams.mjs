// MiniSearch with runs of Chinese, Japanese, Korean and Thai cut into pairs of characters: what a careful integrator
// does about languages that put no space between words.
import MiniSearch from 'minisearch'
import { build as plain } from './minisearch.mjs'

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]+/gu
const words = MiniSearch.getDefault('tokenize')

function tokenize(text) {
  const tokens = words(text.replace(unspaced, ' '))
  for (const [run] of text.matchAll(unspaced)) {
    const characters = [...run]
    if (characters.length === 1) tokens.push(run)
    for (let i = 1; i < characters.length; i += 1) tokens.push(characters[i - 1] + characters[i])
  }
  return tokens
}

export const build = (set) => plain(set, { tokenize })
