// Lets `bench chaos` do to a conversation, whenever it likes, what the platform does to objects now and then:
//
//   /abort   it ends in the middle of whatever it is doing, and its sockets with it, as when a machine is taken away
//   /forget  it loses its memory between two events and its sockets stay, as when it sleeps
//
// A request with `X-Chaos: SITE/CONVERSATION` asks for that; everything else goes straight through.
import worker, { ConversationDo as Whole } from "./entry.mjs";
export * from "./entry.mjs";

export default {
  fetch(request, env, ctx) {
    const name = request.headers.get("X-Chaos");
    if (name === null) return worker.fetch(request, env, ctx);
    return env.CONVERSATION.getByName(name).fetch(request);
  },
};

export class ConversationDo {
  #events = 0;
  #forgets = false;

  constructor(state, env) {
    this.wake = () => new Whole(state, env);
    this.abort = () => state.abort("chaos");
    this.whole = this.wake();
  }

  async #event(handle) {
    this.#events++;
    try {
      return await handle(this.whole);
    } finally {
      this.#events--;
      this.#sleep();
    }
  }

  // No object sleeps while something is going on in it.
  #sleep() {
    if (this.#events > 0 || !this.#forgets) return;
    this.#forgets = false;
    this.whole = this.wake();
  }

  fetch(request) {
    if (!request.headers.has("X-Chaos")) return this.#event((whole) => whole.fetch(request));
    if (new URL(request.url).pathname === "/abort") this.abort();
    this.#forgets = true;
    this.#sleep();
    return new Response();
  }

  alarm() {
    return this.#event((whole) => whole.alarm());
  }

  webSocketMessage(socket, frame) {
    return this.#event((whole) => whole.webSocketMessage(socket, frame));
  }

  webSocketClose(...how) {
    return this.#event((whole) => whole.webSocketClose(...how));
  }

  webSocketError(...how) {
    return this.#event((whole) => whole.webSocketError(...how));
  }
}
