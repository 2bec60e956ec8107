import { newAccountId, newPlaybackId, newPlaybackRestrictionId } from '@mediaflow/shared/ids';
import type { PlaybackRestrictionAnswer } from '@mediaflow/shared/internal';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../client.ts';
import { addApiToken, addFilm, createTestEdge, type Film, readError, type TestEdge } from '../testing/edge.ts';

let edge: TestEdge;
let film: Film;
let client: Client;
beforeEach(async () => {
  client = { ip: '192.0.2.1', country: 'AT' };
  edge = await createTestEdge({ clientOf: () => client });
  film = await addFilm(edge);
});

function addRestriction(changes: Partial<PlaybackRestrictionAnswer> = {}): PlaybackRestrictionAnswer {
  const restriction = {
    id: newPlaybackRestrictionId(),
    account_id: film.accountId,
    referrer: { allowed_domains: ['*.shop.example'], allow_no_referrer: false },
    user_agent: { allow_no_user_agent: false, allow_high_risk_user_agent: false },
    ...changes,
  };
  edge.origin.playbackRestrictions.set(restriction.id, restriction);
  return restriction;
}

const GOOD = { referer: 'https://www.shop.example/film', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0' };

async function ask(path: string, headers: Record<string, string> = GOOD): Promise<number | string> {
  const response = await edge.request(path, { headers });
  return response.ok ? response.status : ((await readError(response)).reason ?? response.status);
}

describe('a playback restriction', () => {
  it.each<[string, Record<string, string>, number | string]>([
    ['its site', GOOD, 200],
    ['its site, named by Origin alone', { 'user-agent': GOOD['user-agent'], origin: 'https://www.shop.example' }, 200],
    ['a level further down', { ...GOOD, referer: 'https://a.www.shop.example/' }, 'referrer_refused'],
    ['another site', { ...GOOD, referer: 'https://evil.example/?www.shop.example' }, 'referrer_refused'],
    ['another site that has its name', { ...GOOD, referer: 'https://www.shop.example.evil.example/' }, 'referrer_refused'],
    ['another site that withholds Referer', { 'user-agent': GOOD['user-agent'], origin: 'https://evil.example' }, 'referrer_refused'],
    ['no site', { 'user-agent': GOOD['user-agent'] }, 'referrer_refused'],
    ['no program', { referer: GOOD.referer }, 'user_agent_refused'],
    ['curl', { ...GOOD, 'user-agent': 'curl/8.5.0' }, 'user_agent_refused'],
    ['ffmpeg', { ...GOOD, 'user-agent': 'Lavf/61.7.100' }, 'user_agent_refused'],
  ])('and %s', async (_, headers, expected) => {
    const { id } = addRestriction();
    const token = await film.sign({ playback_restriction_id: id });
    expect(await ask(`/${film.playbackId}.m3u8?token=${token}`, headers)).toBe(expected);
    expect(await ask(`/${token}/manifest/video.m3u8`, headers)).toBe(expected);
    const picture = await film.sign({ playback_restriction_id: id, aud: 't' });
    expect(await ask(`/${film.playbackId}/thumbnail.jpg?token=${picture}`, headers)).toBe(expected);
  });

  it('answers alike when it is unknown, deleted and another account’s', async () => {
    const deleted = addRestriction();
    edge.origin.playbackRestrictions.delete(deleted.id);
    const foreign = addRestriction({ account_id: newAccountId() });
    const answers = [newPlaybackRestrictionId(), deleted.id, foreign.id, 'x', 7, '', null].map(async (id) => {
      const response = await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign({ playback_restriction_id: id })}`, {
        headers: GOOD,
      });
      return `${response.status} ${await response.text()}`;
    });
    const seen = new Set(await Promise.all(answers));
    expect(seen.size).toBe(1);
    expect([...seen][0]).toContain('403');
    expect([...seen][0]).toContain('restriction_refused');
  });

  it('is changed and deleted within half a minute, and asked for once until then', async () => {
    const restriction = addRestriction();
    const path = `/${film.playbackId}.m3u8?token=${await film.sign({ playback_restriction_id: restriction.id })}`;
    expect([await ask(path), await ask(path)]).toEqual([200, 200]);
    expect(edge.origin.calls.filter((call) => call.includes('playback-restrictions'))).toHaveLength(1);
    edge.origin.playbackRestrictions.set(restriction.id, { ...restriction, referrer: { allowed_domains: [], allow_no_referrer: false } });
    edge.advanceMs(30_000);
    expect(await ask(path)).toBe('referrer_refused');
    edge.origin.playbackRestrictions.delete(restriction.id);
    edge.advanceMs(30_000);
    expect(await ask(path)).toBe('restriction_refused');
  });

  it('is not asked for on the word of a token that nobody signed', async () => {
    const { id } = addRestriction();
    const [header, , signature] = (await film.sign()).split('.');
    const payload = (await film.sign({ playback_restriction_id: id })).split('.')[1];
    expect(await ask(`/${film.playbackId}.m3u8?token=${header}.${payload}.${signature}`)).toBe('token_refused');
    expect(edge.origin.calls.filter((call) => call.includes('playback-restrictions'))).toEqual([]);
  });

  it('holds on a token that the installation issues, if it is the account’s own', async () => {
    const { headers } = await addApiToken(edge, film.accountId);
    const issue = (id: unknown): Promise<Response> =>
      edge.request(`/video/v1/assets/${film.assetId}/playback-ids/${film.playbackId}/tokens`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ params: { playback_restriction_id: id } }),
      });
    const { data } = (await (await issue(addRestriction().id)).json()) as { data: { token: string } };
    expect(await ask(`/${film.playbackId}.m3u8?token=${data.token}`)).toBe(200);
    expect(await ask(`/${film.playbackId}.m3u8?token=${data.token}`, {})).toBe('referrer_refused');
    const others = [addRestriction({ account_id: newAccountId() }).id, newPlaybackRestrictionId(), 'x', 7];
    expect(await Promise.all(others.map(async (id) => (await issue(id)).status))).toEqual([400, 400, 400, 400]);
  });
});

describe('access rules', () => {
  const onlyAustria = [
    { type: 'ip.geoip.country', action: 'allow', country: ['AT'] },
    { type: 'any', action: 'block' },
  ];
  const spoofed = { 'cf-connecting-ip': '192.0.2.1', 'cf-ipcountry': 'AT', 'x-forwarded-for': '192.0.2.1', 'x-real-ip': '192.0.2.1' };

  it.each<[string, Client, number | string]>([
    ['the country they name', { country: 'AT' }, 200],
    ['another country', { country: 'DE' }, 'access_rule_refused'],
    ['no country that is known', { ip: '192.0.2.1' }, 'access_rule_refused'],
  ])('and %s, whatever headers say', async (_, from, expected) => {
    client = from;
    const token = await film.sign({ accessRules: onlyAustria });
    expect(await ask(`/${film.playbackId}.m3u8?token=${token}`, { ...GOOD, ...spoofed })).toBe(expected);
  });

  it('keep out whom they keep out of what is not there', async () => {
    client = { country: 'DE' };
    const ask = async (sub: string): Promise<string> => {
      const response = await edge.request(`/${sub}.m3u8?token=${await film.sign({ sub, accessRules: onlyAustria })}`);
      return `${response.status} ${await response.text()}`;
    };
    expect(await ask(newPlaybackId())).toBe(await ask(film.playbackId));
  });
});
