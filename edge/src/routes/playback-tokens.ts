import { createPlaybackTokenSchema, type PlaybackToken } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import { isId, type PlaybackId } from '@mediaflow/shared/ids';
import { PLAYBACK_AUDIENCES, playlistRulesSchema } from '@mediaflow/shared/token';
import { type Context, Hono } from 'hono';
import { type EdgeEnv, waitUntilOf } from '../context.ts';
import type { Gate } from '../middleware/credentials.ts';
import { allowMethods } from '../middleware/method-guard.ts';
import { signEdgeToken } from '../playback/sign-token.ts';
import { nowSeconds, type Ports } from '../ports.ts';
import { readJsonBody } from '../read-json-body.ts';

/** What each type of token opens, below the playback id. */
const PATHS = { video: '.m3u8', thumbnail: '/thumbnail.jpg', gif: '/animated.gif', storyboard: '/storyboard.vtt' } as const;

const PATH = '/:assetId/playback-ids/:playbackId/tokens';

const bodySchema = createPlaybackTokenSchema.superRefine(({ params }, context) => {
  const rules = playlistRulesSchema.safeParse(params ?? {});
  for (const { path, message } of rules.error?.issues ?? []) context.addIssue({ code: 'custom', path: ['params', ...path], message });
});

/** `POST …/assets/{asset}/playback-ids/{id}/tokens` -> 201 {data: {token, expires_at, url}}, for the owner of both. */
export function playbackTokenRoutes(ports: Ports, gate: Gate): Hono<EdgeEnv> {
  const routes = new Hono<EdgeEnv>();
  routes.use(PATH, gate.requireCaller, allowMethods('POST'));
  routes.post(PATH, async (c) => {
    const { type, expires_in, params = {} } = await readJsonBody(c, bodySchema);
    const playbackId = await findOwned(c, ports, c.req.param('assetId'), c.req.param('playbackId'));
    await requireOwnRestriction(c, ports, params.playback_restriction_id);
    const expiresAt = nowSeconds(ports.clock) + expires_in;
    const token = await signEdgeToken(ports.keys.playback, { playbackId, audience: PLAYBACK_AUDIENCES[type], expiresAt, params });
    const url = `${new URL(c.req.url).origin}/${playbackId}${PATHS[type]}?token=${token}`;
    c.header('cache-control', 'no-store');
    return c.json({ data: { token, expires_at: String(expiresAt), url } satisfies PlaybackToken }, 201);
  });
  return routes;
}

/** Another account's id answers like one that does not exist. */
async function findOwned(c: Context<EdgeEnv>, { lookups }: Ports, assetId: string, playbackId: string): Promise<PlaybackId> {
  const answer = isId(playbackId) ? await lookups.playback(playbackId, waitUntilOf(c)) : undefined;
  if (answer?.account_id === c.get('caller').accountId && answer.asset_id === assetId) return answer.playback_id;
  throw new AppError('not_found', 'There is no such playback id.');
}

/** A token that names any other would open nothing. */
async function requireOwnRestriction(c: Context<EdgeEnv>, { lookups }: Ports, id: string | number | undefined): Promise<void> {
  if (id === undefined) return;
  const restriction = isId(String(id)) ? await lookups.playbackRestriction(String(id), waitUntilOf(c)) : undefined;
  if (restriction?.account_id === c.get('caller').accountId) return;
  throw new AppError('invalid_parameters', 'params.playback_restriction_id: There is no such playback restriction.');
}
