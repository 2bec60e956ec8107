import { expect, test } from 'vitest';
import {
  type Answer,
  judgeCaching,
  judgeCors,
  judgeForgery,
  judgeHealth,
  judgeRevocation,
  judgeSecret,
  judgeTransport,
} from './judge-edge.ts';

const answer = (status: number, headers: Record<string, string> = {}, text = ''): Answer => ({
  status,
  headers: new Headers(headers),
  text,
});

test.each([
  ['https://video.example.com', 'ok'],
  ['http://127.0.0.1:8780', 'ok'],
  ['http://[::1]:8780', 'ok'],
  ['http://localhost', 'ok'],
  ['http://video.example.com', 'warn'],
])('transport %s: %s', (url, verdict) => {
  expect(judgeTransport(new URL(url)).verdict).toBe(verdict);
});

test.each([
  [200, '{"status":"ok"}', 'ok', 'runs'],
  [503, '{"error":{"messages":["The edge is not configured."]}}', 'fail', 'not configured'],
  [200, '<html>', 'fail', 'answers 200'],
  [404, '', 'fail', 'answers 404'],
])('health %i %s: %s', (status, text, verdict, finding) => {
  expect(judgeHealth(answer(status, {}, text))).toMatchObject({ verdict, finding });
});

test.each([
  [404, 'ok', 'believes this edge'],
  [500, 'fail', 'does not believe'],
  [503, 'fail', 'does not answer'],
  [200, 'fail', 'answers 200'],
])('secret, by %i for no video: %s', (status, verdict, finding) => {
  expect(judgeSecret(answer(status))).toMatchObject({ verdict, finding: expect.stringContaining(finding) });
});

const PREFLIGHT = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'If-Range, Range' };
const MEDIA = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'Content-Length, Content-Range' };
test.each([
  [answer(204, PREFLIGHT), answer(403, MEDIA), 'any page may play'],
  [answer(405), answer(403, MEDIA), 'without an answer to preflights, ranges'],
  [answer(204, PREFLIGHT), answer(403), 'without access for every origin, content-range exposed'],
  [answer(204, { ...PREFLIGHT, 'access-control-allow-headers': 'If-Range' }), answer(403, MEDIA), 'without ranges'],
])('CORS %#: %s', (preflight, media, finding) => {
  expect(judgeCors(preflight, media)).toMatchObject({ finding, verdict: finding.startsWith('without') ? 'fail' : 'ok' });
});

const REFUSED = '{"error":{"reason":"session_refused"}}';
test.each([
  [answer(403, {}, REFUSED), 'ok', 'is refused'],
  [answer(403, { 'cf-cache-status': 'DYNAMIC', age: '0' }, REFUSED), 'ok', 'is refused'],
  [answer(403, {}, '<html>'), 'fail', 'with 403'],
  [answer(200), 'fail', 'with 200'],
  [answer(403, { 'cf-cache-status': 'MISS' }, REFUSED), 'fail', 'a cache in front'],
  [answer(403, { age: '7' }, REFUSED), 'fail', 'a cache in front'],
])('a forged session %#: %s', (given, verdict, finding) => {
  expect(judgeForgery(given)).toMatchObject({ verdict, finding: expect.stringContaining(finding) });
});

test.each([
  [['hit'], {}, 'ok', 'hit'],
  [['made', 'joined', 'hit'], {}, 'ok', 'made, joined, hit'],
  [['miss', 'miss', 'miss'], {}, 'fail', 'miss, miss, miss, never hit'],
  [['503', '503'], {}, 'fail', '503, 503, never hit'],
  [['miss', 'hit'], { 'cf-cache-status': 'HIT' }, 'fail', 'a cache in front keeps it (HIT)'],
])('the cache by %j %j: %s', (outcomes, headers, verdict, finding) => {
  expect(judgeCaching(outcomes, new Headers(headers as Record<string, string>))).toMatchObject({ verdict, finding });
});

test.each([
  [12.3, 'ok', 'a revoked session was refused after 12 s'],
  [undefined, 'fail', 'a revoked session plays after 45 s'],
])('revoked after %s s: %s', (seconds, verdict, finding) => {
  expect(judgeRevocation(seconds, 45)).toMatchObject({ verdict, finding });
});
