import { timingSafeEqual } from 'node:crypto';
import { AppError } from '@mediaflow/shared/errors';
import { playbackIdSchema, playbackRestrictionIdSchema, signingKeyIdSchema, tokenIdSchema } from '@mediaflow/shared/ids';
import {
  type CredentialAnswer,
  credentialQuerySchema,
  type SegmentAnswer,
  type SigningKeyAnswer,
  segmentQuerySchema,
  USER_SESSION_SECONDS,
  userSessionIdSchema,
} from '@mediaflow/shared/internal';
import { Hono } from 'hono';
import { bootstrapAccount } from '../bootstrap.ts';
import { findLiveApiToken } from '../db/api-tokens.ts';
import { findAsset } from '../db/assets.ts';
import { findPlaybackId } from '../db/playback-ids.ts';
import { findPlaybackRestriction } from '../db/playback-restrictions.ts';
import type { ApiTokenRow } from '../db/schema.ts';
import { findSigningKey } from '../db/signing-keys.ts';
import { endUserSession, isUserSessionEnded } from '../db/user-sessions.ts';
import type { Dependencies } from '../dependencies.ts';
import { canMake } from '../ensure/can-make.ts';
import { createDemand } from '../ensure/demand.ts';
import { createEnsure } from '../ensure/ensure.ts';
import type { OriginEnv } from '../hono-env.ts';
import { presentPlayback } from '../present/playback.ts';
import { presentPlaybackRestrictionAnswer } from '../present/playback-restriction.ts';
import { parseFeedCursor, readRevocationFeed } from '../revocation-feed.ts';
import { notFound, readBody, readId } from './input.ts';
import { createObjectRoutes } from './objects.ts';

/** `/internal`: what the edge and the launcher ask. Shapes and meanings are in `shared/src/internal.ts`. */
export function createInternalRoutes({ db, store, producer, changes, log, stopping }: Dependencies): Hono<OriginEnv> {
  const ensure = createEnsure({ store, changes, demand: createDemand({ db, producer, log }) });
  return new Hono<OriginEnv>()
    .post('/credentials', async (context) => {
      const query = await readBody(context, credentialQuerySchema);
      const token = await findLiveApiToken(db, query.token_id);
      if (token === undefined || !equalHex(token.secret_sha256, query.secret_sha256)) {
        throw new AppError('unauthorized', 'The token is unknown, revoked or its secret is wrong.');
      }
      return context.json(presentCredential(token));
    })
    .get('/tokens/:id/sessions/:session', async (context) => {
      const [token, isEnded] = await Promise.all([
        findLiveApiToken(db, readId(context, 'id', tokenIdSchema)),
        isUserSessionEnded(db, readId(context, 'session', userSessionIdSchema)),
      ]);
      if (token === undefined || isEnded) throw notFound();
      return context.json(presentCredential(token));
    })
    .delete('/tokens/:id/sessions/:session', async (context) => {
      const id = readId(context, 'session', userSessionIdSchema);
      await endUserSession(db, id, new Date(Date.now() + USER_SESSION_SECONDS * 1000));
      return context.body(null, 204);
    })
    .get('/playback-ids/:pid', async (context) => {
      const playbackId = await findPlaybackId(db, readId(context, 'pid', playbackIdSchema));
      const asset = playbackId && (await findAsset(db, playbackId.asset_id));
      if (playbackId === undefined || asset === undefined) throw notFound();
      return context.json(presentPlayback(playbackId, asset));
    })
    .get('/signing-keys/:kid', async (context) => {
      const key = await findSigningKey(db, readId(context, 'kid', signingKeyIdSchema));
      if (key === undefined) throw notFound();
      const { id, account_id, algorithm, public_jwk } = key;
      return context.json({ id, account_id, algorithm, public_jwk } satisfies SigningKeyAnswer);
    })
    .get('/revocations', async (context) => context.json(await readRevocationFeed(db, parseFeedCursor(context.req.query('after')))))
    .get('/playback-restrictions/:id', async (context) => {
      const restriction = await findPlaybackRestriction(db, readId(context, 'id', playbackRestrictionIdSchema));
      if (restriction === undefined) throw notFound();
      return context.json(presentPlaybackRestrictionAnswer(restriction));
    })
    .post('/segments', async (context) => {
      const { key, wait_ms: waitMs } = await readBody(context, segmentQuerySchema);
      return context.json(await ensure(key, { waitMs, signals: [context.req.raw.signal, stopping] }));
    })
    .get('/segments/:key{.+}', async (context) => {
      const state = (await canMake(db, context.req.param('key'))) ? 'pending' : 'unknown';
      return context.json({ state } satisfies SegmentAnswer);
    })
    .post('/bootstrap', async (context) => context.json(await bootstrapAccount(db), 201))
    .route('/objects', createObjectRoutes({ db, store }));
}

const presentCredential = ({ id, account_id, scopes }: ApiTokenRow): CredentialAnswer => ({
  token_id: id,
  account_id,
  scopes: [...scopes],
});

/** Both are 64 hex digits. */
const equalHex = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
