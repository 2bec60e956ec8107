import { AppError, toErrorBody } from '@mediaflow/shared/errors';
import { Hono } from 'hono';
import { allowedMethods } from './allowed-methods.ts';
import type { Dependencies } from './dependencies.ts';
import type { OriginEnv } from './hono-env.ts';
import { createErrorHandler } from './middleware/errors.ts';
import { requireService, requireToken } from './middleware/principal.ts';
import { requestId } from './middleware/request-id.ts';
import { createApiTokenRoutes } from './routes/api-tokens.ts';
import { createAssetRoutes } from './routes/assets.ts';
import { createDeadLetterRoutes } from './routes/dead-letters.ts';
import { createHealthRoutes } from './routes/health.ts';
import { createInternalRoutes } from './routes/internal.ts';
import { createPlaybackIdRoutes } from './routes/playback-ids.ts';
import { createPlaybackRestrictionRoutes } from './routes/playback-restrictions.ts';
import { createRevocationRoutes } from './routes/revocations.ts';
import { createSigningKeyRoutes } from './routes/signing-keys.ts';
import { createUploadRoutes } from './routes/uploads.ts';
import { createWhoamiRoutes } from './routes/whoami.ts';

/** All of the origin but `/files`, which `upload/` answers before it gets here. */
export function createApp(dependencies: Dependencies): Hono<OriginEnv> {
  const app = new Hono<OriginEnv>();
  app.onError(createErrorHandler(dependencies.log));
  app.notFound((context) => {
    const allowed = allowedMethods(app, context.req.path);
    if (allowed.length === 0) return context.json(toErrorBody(new AppError('not_found', 'There is nothing at this address.')), 404);
    const error = new AppError('method_not_allowed', `${context.req.method} is not allowed here.`);
    return context.json(toErrorBody(error), 405, { allow: allowed.join(', ') });
  });
  app.use(requestId);
  app.route('/', createHealthRoutes(dependencies));

  app.use('/video/*', requireToken(dependencies.principalKey));
  app.use('/system/*', requireToken(dependencies.principalKey));
  app.use('/internal/*', requireService(dependencies.principalKey));

  app.route('/video/v1/uploads', createUploadRoutes(dependencies));
  app.route('/video/v1/assets', createAssetRoutes(dependencies));
  app.route('/video/v1/playback-ids', createPlaybackIdRoutes(dependencies));
  app.route('/video/v1/playback-restrictions', createPlaybackRestrictionRoutes(dependencies));
  app.route('/system/v1/signing-keys', createSigningKeyRoutes(dependencies));
  app.route('/system/v1/revocations', createRevocationRoutes(dependencies));
  app.route('/system/v1/api-tokens', createApiTokenRoutes(dependencies));
  app.route('/system/v1/dead-letters', createDeadLetterRoutes(dependencies));
  app.route('/system/v1/whoami', createWhoamiRoutes(dependencies));
  app.route('/internal', createInternalRoutes(dependencies));
  return app;
}
