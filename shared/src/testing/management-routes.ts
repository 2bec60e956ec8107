import type { Scope } from '../scopes.ts';

/**
 * Every route of the management API, who answers it, and the scope it needs. The tests of edge and origin take their matrices from
 * here and compare it with the routes that their applications really have: a route without an entry fails them.
 */
export interface ManagementRoute {
  readonly answeredBy: 'edge' | 'origin';
  /** `none`: any valid credential. */
  readonly scope: Scope | 'none';
}

const origin = (scope: ManagementRoute['scope']): ManagementRoute => ({ answeredBy: 'origin', scope });

export const MANAGEMENT_ROUTES: Readonly<Record<string, ManagementRoute>> = {
  'POST /video/v1/uploads': origin('video:write'),
  'GET /video/v1/uploads': origin('video:read'),
  'GET /video/v1/uploads/:id': origin('video:read'),
  'PUT /video/v1/uploads/:id/cancel': origin('video:write'),
  'POST /video/v1/assets': origin('video:write'),
  'POST /video/v1/assets/:id/refresh': origin('video:write'),
  'GET /video/v1/assets': origin('video:read'),
  'GET /video/v1/assets/:id': origin('video:read'),
  'PATCH /video/v1/assets/:id': origin('video:write'),
  'DELETE /video/v1/assets/:id': origin('video:write'),
  'POST /video/v1/assets/:id/playback-ids': origin('video:write'),
  'GET /video/v1/assets/:id/playback-ids/:pid': origin('video:read'),
  'DELETE /video/v1/assets/:id/playback-ids/:pid': origin('video:write'),
  'GET /video/v1/assets/:id/events': origin('video:read'),
  'GET /video/v1/assets/:id/quality': origin('video:read'),
  'POST /video/v1/playback-restrictions': origin('video:write'),
  'GET /video/v1/playback-restrictions': origin('video:read'),
  'GET /video/v1/playback-restrictions/:id': origin('video:read'),
  'PUT /video/v1/playback-restrictions/:id/referrer': origin('video:write'),
  'PUT /video/v1/playback-restrictions/:id/user_agent': origin('video:write'),
  'DELETE /video/v1/playback-restrictions/:id': origin('video:write'),
  'GET /video/v1/playback-ids/:pid': origin('video:read'),
  'POST /video/v1/assets/:assetId/playback-ids/:playbackId/tokens': { answeredBy: 'edge', scope: 'video:write' },
  'POST /system/v1/signing-keys': origin('system:write'),
  'GET /system/v1/signing-keys': origin('system:read'),
  'GET /system/v1/signing-keys/:id': origin('system:read'),
  'DELETE /system/v1/signing-keys/:id': origin('system:write'),
  'POST /system/v1/api-tokens': origin('system:write'),
  'GET /system/v1/api-tokens': origin('system:read'),
  'DELETE /system/v1/api-tokens/:id': origin('system:write'),
  'GET /system/v1/dead-letters': origin('system:read'),
  'POST /system/v1/dead-letters/:id/replay': origin('system:write'),
  'POST /system/v1/revocations': origin('system:write'),
  'GET /system/v1/revocations': origin('system:read'),
  'GET /system/v1/revocations/:id': origin('system:read'),
  'DELETE /system/v1/revocations/:id': origin('system:write'),
  'GET /system/v1/whoami': origin('none'),
};
