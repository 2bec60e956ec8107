import { type ClientOf, toClient } from './client.ts';

/** Cloudflare sets both, whatever the client sent. */
export const cloudflareClientOf: ClientOf = (request) => {
  const { country } = (request as Request<unknown, IncomingRequestCfProperties>).cf ?? {};
  return toClient(request.headers.get('cf-connecting-ip') ?? undefined, country ?? undefined);
};
