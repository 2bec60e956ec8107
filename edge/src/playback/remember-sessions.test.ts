import type { AssetId, PlaybackId } from '@mediaflow/shared/ids';
import { NO_SIGNER, type Session } from '@mediaflow/shared/session';
import { expect, it } from 'vitest';
import { rememberSessions } from './remember-sessions.ts';

const sessionUntil = (expiresAt: number): Session => ({
  assetId: 'a'.repeat(32) as AssetId,
  version: 1,
  expiresAt,
  viewerId: 'b'.repeat(16),
  playbackId: 'c'.repeat(32) as PlaybackId,
  signerId: NO_SIGNER,
  maxShortSide: 0,
  minShortSide: 0,
});

/** Knows the sessions that are named by their expiry; everything else is forged. */
function setUp(maxSessions?: number) {
  const verified: string[] = [];
  const memory = rememberSessions(async (text, now) => {
    verified.push(text);
    const expiresAt = Number(text);
    return expiresAt > now ? sessionUntil(expiresAt) : undefined;
  }, maxSessions);
  return { ...memory, verified };
}

it('verifies a session once', async () => {
  const { verify, verified } = setUp();
  expect([await verify('100', 1), await verify('100', 2), await verify('100', 99)]).toEqual(Array(3).fill(sessionUntil(100)));
  expect(verified).toEqual(['100']);
});

it('refuses a remembered session from the second in which it ends', async () => {
  const { verify } = setUp();
  await verify('100', 1);
  expect(await verify('100', 100)).toBeUndefined();
  expect(await verify('100', 101)).toBeUndefined();
});

it('remembers no refusal', async () => {
  const { verify, verified } = setUp();
  expect([await verify('forged', 1), await verify('forged', 1)]).toEqual([undefined, undefined]);
  expect(verified).toEqual(['forged', 'forged']);
});

it('forgets the oldest when it knows as many as it may', async () => {
  const { verify, verified } = setUp(2);
  for (const text of ['100', '200', '300', '200', '300', '100']) await verify(text, 1);
  expect(verified).toEqual(['100', '200', '300', '100']);
});

it('recalls what was verified, without looking at it, until it is over', async () => {
  const { verify, recall, verified } = setUp();
  expect(recall('100', 1)).toBeUndefined();
  await verify('100', 1);
  await verify('forged', 1);
  expect([recall('100', 1), recall('100', 99)]).toEqual([sessionUntil(100), sessionUntil(100)]);
  expect([recall('100', 100), recall('forged', 1)]).toEqual([undefined, undefined]);
  expect(verified).toEqual(['100', 'forged']);
});
