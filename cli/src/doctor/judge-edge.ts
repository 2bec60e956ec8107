import type { Finding } from './judge.ts';

/** What an edge answered, so far as it is judged. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

export function judgeTransport({ protocol, hostname }: URL): Finding {
  if (protocol === 'https:') return { verdict: 'ok', finding: 'https' };
  if (LOOPBACK.includes(hostname)) return { verdict: 'ok', finding: 'http, on this machine' };
  return { verdict: 'warn', finding: 'http: tokens and sessions can be read on the way', remedy: 'https in front of the edge' };
}

/** @param answer of `/health` */
export function judgeHealth({ status, text }: Answer): Finding {
  if (status === 200 && /"status":\s*"ok"/.test(text)) return { verdict: 'ok', finding: 'runs' };
  if (text.includes('not configured')) {
    return { verdict: 'fail', finding: 'not configured', remedy: 'set MEDIAFLOW_SECRET and ORIGIN_URL; its log names what is wrong' };
  }
  return { verdict: 'fail', finding: `answers ${status}`, remedy: 'is that the edge of a MediaFlow?' };
}

/** @param answer about a video that does not exist: only an origin that believes this edge says so */
export function judgeSecret({ status }: Answer): Finding {
  switch (status) {
    case 404:
      return { verdict: 'ok', finding: 'the origin believes this edge' };
    case 500:
      return {
        verdict: 'fail',
        finding: 'the origin does not believe this edge',
        remedy: 'the same MEDIAFLOW_SECRET on both, and clocks that agree',
      };
    case 503:
      return {
        verdict: 'fail',
        finding: 'the origin does not answer',
        remedy: 'check ORIGIN_URL; an origin older than the edge comes first',
      };
    default:
      return { verdict: 'fail', finding: `answers ${status} for no video`, remedy: 'something in front answers in its place' };
  }
}

/** @param preflight answer to OPTIONS for a ranged read of media */
export function judgeCors(preflight: Answer, media: Answer): Finding {
  const has = ({ headers }: Answer, name: string, value: string): boolean =>
    (headers.get(name) ?? '')
      .toLowerCase()
      .split(/\s*,\s*/)
      .includes(value);
  const needed: readonly (readonly [boolean, string])[] = [
    [preflight.status === 204 && has(preflight, 'access-control-allow-origin', '*'), 'an answer to preflights'],
    [has(preflight, 'access-control-allow-headers', 'range'), 'ranges'],
    [has(media, 'access-control-allow-origin', '*'), 'access for every origin'],
    [has(media, 'access-control-expose-headers', 'content-range'), 'content-range exposed'],
  ];
  const missing = needed.filter(([isThere]) => !isThere).map(([, what]) => what);
  if (missing.length === 0) return { verdict: 'ok', finding: 'any page may play' };
  return { verdict: 'fail', finding: `without ${missing.join(', ')}`, remedy: 'leave CORS to the edge: something in front changes it' };
}

/** @param answer for a session that is none, best of what is cached for others */
export function judgeForgery({ status, headers, text }: Answer): Finding {
  const front = describeCacheInFront(headers);
  if (front !== undefined) return front;
  if (status === 403 && text.includes('session_refused')) return { verdict: 'ok', finding: 'a forged one is refused' };
  return {
    verdict: 'fail',
    finding: `a forged one is answered with ${status}`,
    remedy: status === 200 ? 'a cache in front answers in place of the edge: turn it off' : 'is that the edge of a MediaFlow?',
  };
}

/** @param outcomes `x-mediaflow-cache` of one segment, asked for again and again; `headers` those of the last answer */
export function judgeCaching(outcomes: readonly string[], headers: Headers): Finding {
  const front = describeCacheInFront(headers);
  if (front !== undefined) return front;
  const finding = outcomes.join(', ');
  if (outcomes.at(-1) === 'hit') return { verdict: 'ok', finding };
  return {
    verdict: 'fail',
    finding: `${finding}, never hit`,
    remedy: 'on Cloudflare: a route or custom domain, not workers.dev or Access',
  };
}

/** @param seconds until a revoked session was refused; undefined: it was not */
export function judgeRevocation(seconds: number | undefined, limitSeconds: number): Finding {
  if (seconds !== undefined) return { verdict: 'ok', finding: `a revoked session was refused after ${Math.round(seconds)} s` };
  return { verdict: 'fail', finding: `a revoked session plays after ${limitSeconds} s`, remedy: 'the edge logs why it cannot refresh' };
}

/** A cache that answers before the edge hands one viewer's media to whoever has the URL (RFC 9111 section 5.1). */
function describeCacheInFront(headers: Headers): Finding | undefined {
  const status = headers.get('cf-cache-status') ?? 'DYNAMIC';
  const isCached = status !== 'DYNAMIC' || Number(headers.get('age') ?? 0) > 0;
  if (!isCached) return undefined;
  return {
    verdict: 'fail',
    finding: `a cache in front keeps it (${status})`,
    remedy: 'no cache rule and no Workers Caching for this host',
  };
}
