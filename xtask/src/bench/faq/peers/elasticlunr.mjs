// elasticlunr with a boost, any word enough and words expanded to those that begin so, as its README shows them.
import elasticlunr from 'elasticlunr'

const options = { fields: { questions: { boost: 2 }, answer: { boost: 1 } }, bool: 'OR', expand: true }

export function build({ entries }) {
  const index = elasticlunr(function () {
    this.setRef('id')
    this.addField('questions')
    this.addField('answer')
  })
  for (const { id, questions, answer } of entries) index.addDoc({ id, questions: questions.join('\n'), answer })
  return {
    search(text) {
      const [first] = index.search(text, options)
      return first ? [Number(first.ref), first.score] : [-1, 0]
    },
    index: () => JSON.stringify(index),
  }
}
