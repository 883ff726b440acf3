// Cloudflare's rate limit, as one of its locations counts: so many of a key in each window of so many seconds. The library
// knows the binding by the name of its class.
class Ratelimit {
  #counts = new Map();
  #window = 0;

  constructor({ limit, period }) {
    Object.assign(this, { most: limit, windowMs: period * 1000 });
  }

  async limit({ key }) {
    const window = Math.floor(Date.now() / this.windowMs);
    if (window !== this.#window) {
      this.#counts.clear();
      this.#window = window;
    }
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return { success: count <= this.most };
  }
}

export default (settings) => new Ratelimit(settings);
