// What `bench messages` compares a conversation with: a durable object that does no more than it has to. It stores each
// message in SQLite under the next number and acknowledges it; at a path with `?tell` it also tells everybody, as a
// conversation does.
export class Log {
  constructor(state) {
    this.state = state;
    this.sql = state.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS message (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, doc TEXT NOT NULL)");
    this.seq = this.sql.exec("SELECT coalesce(max(seq), 0) AS last FROM message").one().last;
  }

  fetch(request) {
    this.tells = request.url.endsWith("?tell");
    const [client, server] = Object.values(new WebSocketPair());
    this.state.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(socket, frame) {
    const { say: { id, text } } = JSON.parse(frame);
    const seq = ++this.seq;
    const at = Date.now();
    const message = { seq, id, at, from: "visitor", body: { text: { text } } };
    this.sql.exec("INSERT INTO message (seq, id, doc) VALUES (?, ?, ?)", seq, id, JSON.stringify(message));
    socket.send(JSON.stringify({ ack: { id, seq, at } }));
    if (!this.tells) return;
    const told = JSON.stringify({ message: { message } });
    for (const other of this.state.getWebSockets()) other.send(told);
  }

  webSocketClose(socket, code) {
    socket.close(code === 1005 || code === 1006 ? 1000 : code);
  }
}

export default {
  fetch(request, { LOG }) {
    return LOG.getByName(new URL(request.url).pathname).fetch(request);
  },
};
