// What `bench edge` compares the worker with: the same two answers by the shortest way that JavaScript has.
// The answers themselves are bindings, taken from the worker, so that both send the same headers and bytes.
export default {
  fetch(request, { HELLO, PACK, PACK_BYTES }) {
    const path = request.url.slice(request.url.indexOf("/", "https://".length));
    if (path === "/") return new Response(HELLO.body, HELLO.init);
    if (path !== PACK.path) return new Response("not found", { status: 404 });
    const asked = request.headers;
    if (asked.get("If-None-Match") === PACK.etag) return new Response(null, { status: 304 });
    if (!asked.get("Accept-Encoding")?.includes("gzip")) return new Response("not acceptable", { status: 406 });
    return new Response(PACK_BYTES, PACK.init);
  },
};
