// Ours: the module that the widget links, driven by hand. The pack is made by the chore, as `publish` makes it.
import { readFileSync } from 'node:fs'

const encoder = new TextEncoder()

export async function build({ engine, pack }) {
  const { instance } = await WebAssembly.instantiate(readFileSync(engine))
  const { memory, room, load, ask, confidence } = instance.exports
  const bytes = readFileSync(pack)
  // First the room: it may move the memory.
  const at = room(bytes.length)
  new Uint8Array(memory.buffer, at, bytes.length).set(bytes)
  if (load(bytes.length) < 0) throw new Error('the matcher refuses the pack')
  return {
    search(text) {
      // UTF-8 takes at most three bytes for what UTF-16 has one unit for.
      const at = room(text.length * 3)
      const { written } = encoder.encodeInto(text, new Uint8Array(memory.buffer, at, text.length * 3))
      return [ask(written), confidence()]
    },
    index: () => bytes,
  }
}
