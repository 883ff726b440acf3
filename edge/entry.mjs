// Where workerd enters the worker; `cargo xtask build` puts this beside the module it built.
//
// The generated entry point wraps every request in three proxies, so that a request after a panic finds a module made
// anew. That costs as much as answering from memory does. Here a request goes straight in, and takes the generated way
// only when there has been a panic.
import Generated from "./index.js";

// The durable objects' classes.
export * from "./index.js";

// What the panic hook and the generated entry point tell each other.
const state = globalThis.__worker_init_state;
const { fetch } = Generated.prototype;

export default {
  fetch(request, env, ctx) {
    if (state.criticalError) return new Generated(ctx, env).fetch(request);
    try {
      const answer = fetch.call({ env, ctx }, request);
      return answer instanceof Promise ? answer.catch(failed) : answer;
    } catch (fault) {
      return failed(fault);
    }
  },
};

/** A trap leaves the module in no state to go on. */
function failed(fault) {
  if (fault instanceof WebAssembly.RuntimeError) state.criticalError = true;
  throw fault;
}
