/**
 * The limit that the edge is measured against: a handler that answers from the Cache API and does nothing else. `GET /?{cache URL}`.
 */
declare const caches: { readonly default: { match(url: string): Promise<Response | undefined> } };

export default {
  async fetch(request: Request): Promise<Response> {
    const url = request.url.slice(request.url.indexOf('?') + 1);
    return (await caches.default.match(url)) ?? new Response(null, { status: 404 });
  },
};
