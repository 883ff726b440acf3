// node-nlp: an intent an entry, trained on its phrasings. Answers are what it says, not what it learns from.
import { NlpManager } from 'node-nlp'

export async function build({ lang, entries }) {
  const language = lang.split('-')[0]
  const manager = new NlpManager({ languages: [language], nlu: { log: false }, autoSave: false, forceNER: false })
  for (const { id, questions, answer } of entries) {
    for (const question of questions) manager.addDocument(language, question, `${id}`)
    manager.addAnswer(language, `${id}`, answer)
  }
  await manager.train()
  return {
    async search(text) {
      const { classifications } = await manager.process(language, text)
      const first = classifications.find(({ intent }) => intent !== 'None')
      return first ? [Number(first.intent), first.score] : [-1, 0]
    },
    index: () => manager.export(true),
  }
}
