// Carries a Telegram bot's chats to a channel of Deskbell, and the answers back. It needs Node.js 18 and nothing else, and no
// address that others can reach. It keeps nothing: run it where you like, and start it again when it falls over.
//
//   CHANNEL=https://chat.example.com/v1/sites/acme/channels/telegram CHANNEL_KEY=dbc_… TELEGRAM_TOKEN=… node telegram.mjs

const { CHANNEL, CHANNEL_KEY, TELEGRAM_TOKEN, TELEGRAM = 'https://api.telegram.org' } = process.env
for (const [name, value] of Object.entries({ CHANNEL, CHANNEL_KEY, TELEGRAM_TOKEN })) {
  if (!value) {
    console.error(`${name} is not set. What it is stands at the head of this file.`)
    process.exit(2)
  }
}

/** How long to wait before something is tried again that failed by itself, in milliseconds. */
const AGAIN_MS = 5_000
/** How often it is looked whether there is something to deliver, in milliseconds. */
const LOOK_MS = 2_000
/** How long handing over takes, mostly, in milliseconds. */
const SOON_MS = 200
/** How long Telegram may hold a request back until somebody writes, in seconds. */
const PATIENCE_S = 25
/** What stands for a picture, a voice message and the like. */
const NO_TEXT = '(a message without text)'

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Tries until it works: an edge or a network that is away comes back. */
async function insist(what, act) {
  for (;;) {
    try {
      return await act()
    } catch (error) {
      console.error(`${what}: ${error.message}. Trying again.`)
      await sleep(AGAIN_MS)
    }
  }
}

/** What an answer says, if it is JSON: what stands between may say something else. */
const said = (response) => response.json().catch(() => ({}))

/** Asks Deskbell; waits as long as it asks for. Fails where another try may help. */
async function deskbell(path, body) {
  const headers = { authorization: `Bearer ${CHANNEL_KEY}`, 'content-type': 'application/json' }
  const request = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
  const response = await fetch(CHANNEL + path, { ...request, signal: AbortSignal.timeout(30_000) })
  const answer = response.status === 204 ? {} : await said(response)
  if (response.status === 429) {
    await sleep((answer.retry_after_s ?? 1) * 1000)
    return deskbell(path, body)
  }
  const isRefused = [400, 403, 409].includes(response.status) || answer.type === '/problems/conversation-unknown'
  if (!response.ok && !isRefused) throw new Error(`Deskbell answered ${response.status} to ${path}`)
  return { ok: response.ok, answer }
}

/** Asks Telegram; waits as long as it asks for. Fails where another try may help. */
async function telegram(method, body) {
  const response = await fetch(`${TELEGRAM}/bot${TELEGRAM_TOKEN}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout((PATIENCE_S + 10) * 1000),
  })
  const answer = await said(response)
  if (response.status === 429) {
    await sleep((answer.parameters?.retry_after ?? 1) * 1000)
    return telegram(method, body)
  }
  if (!response.ok && ![400, 403].includes(response.status)) {
    throw new Error(`Telegram answered ${response.status} to ${method}: ${answer.description ?? ''}`)
  }
  return answer
}

/** Hands over what somebody wrote. Who is stopped, or wrote too much, is told so. */
async function handOver({ chat, message_id, from, text, caption }) {
  const message = {
    id: String(message_id),
    from: String(chat.id),
    text: (text ?? caption ?? NO_TEXT).trim() || NO_TEXT,
    name: [from?.first_name, from?.last_name].filter(Boolean).join(' ').slice(0, 200) || undefined,
    language: from?.language_code,
  }
  const { ok, answer } = await insist('handing over', () => deskbell('/messages', message))
  const why = answer.reason || answer.detail
  if (!ok && why) await insist('telling', () => telegram('sendMessage', { chat_id: chat.id, text: why }))
}

/** Whether something is for the site. What is said in groups is not, nor the press of the button that every bot begins with. */
const isForTheSite = (message) =>
  message?.chat.type === 'private' && !/^\/start(@\w+)?( |$)/.test(message.text ?? '')

/** Everybody's messages, each one's in their order: nobody waits for anybody else. */
async function incoming() {
  /** Which updates have begun, in their order, and whether they are done. Telegram hands out again what comes after `offset`. */
  const updates = new Map()
  const chats = new Map()
  const albums = new Set()
  const isTold = ({ media_group_id: album, caption }) => {
    // Of pictures that were sent as one, the first is enough, and those that have words.
    if (!album || caption) return false
    const told = albums.has(album)
    albums.add(album)
    return told
  }
  for (let offset = 0; ; ) {
    const asked = { offset, timeout: PATIENCE_S, allowed_updates: ['message'] }
    const known = await insist('reading', async () => {
      const { ok, result, description } = await telegram('getUpdates', asked)
      if (!ok) throw new Error(description ?? 'Telegram gives no updates')
      return result
    })
    const fresh = known.filter(({ update_id: id }) => !updates.has(id))
    for (const { update_id: id, message } of fresh) {
      const isDone = !isForTheSite(message) || isTold(message)
      updates.set(id, isDone)
      if (isDone) continue
      const before = chats.get(message.chat.id) ?? Promise.resolve()
      const now = before.then(() => handOver(message)).then(() => updates.set(id, true))
      chats.set(message.chat.id, now)
      now.finally(() => chats.get(message.chat.id) === now && chats.delete(message.chat.id))
    }
    // What has been handed over is told in a moment, and the rest is known already.
    if (known.length) await sleep(fresh.length ? SOON_MS : LOOK_MS)
    for (const [id, isDone] of updates) {
      if (!isDone) break
      offset = id + 1
      updates.delete(id)
    }
  }
}

/** Delivers one answer, and tells Deskbell what has come of it. */
async function deliver({ conversation, seq, to, text }) {
  const { ok, description } = await insist('delivering', () => telegram('sendMessage', { chat_id: to, text }))
  const failed = ok ? undefined : String(description || 'Telegram refused it').slice(0, 200)
  // A talk that has been erased meanwhile need not know.
  await insist('noting', () => deskbell('/delivered', { conversation, seq, failed }))
}

async function outgoing() {
  for (;;) {
    let after = ''
    do {
      const { messages = [], next } = await insist('fetching', async () => {
        const { ok, answer } = await deskbell(`/outgoing${after}`)
        if (!ok) throw new Error(answer.detail ?? 'Deskbell gives nothing to deliver')
        return answer
      })
      for (const message of messages) await deliver(message)
      after = next ? `?after=${next}` : ''
    } while (after)
    await sleep(LOOK_MS)
  }
}

console.log(`Carrying ${CHANNEL}.`)
await Promise.all([incoming(), outgoing()])
