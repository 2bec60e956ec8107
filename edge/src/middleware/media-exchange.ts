import type { Context } from 'hono';
import type { EdgeEnv } from '../context.ts';
import { respondToError } from '../errors.ts';
import type { Ports } from '../ports.ts';
import { assertMethod } from './method-guard.ts';
import { assertPlainPath } from './path-guard.ts';
import { addPlaybackCors, answerPreflight } from './playback-cors.ts';
import { chooseRequestId, REQUEST_ID_HEADER } from './request-id.ts';
import { addServerTiming } from './server-timing.ts';

export type ServeMedia = (c: Context<EdgeEnv>) => Response | Promise<Response>;

/**
 * `requestId`, `playbackCors`, `serverTiming`, `pathGuard` and `allowMethods` around one handler, for what nearly every request is for:
 * as middlewares they are a twentieth of the CPU that a cached segment takes.
 *
 * @param serve its answers come with `PLAYBACK_CORS`, its errors without
 */
export const mediaExchange =
  ({ clock, log }: Pick<Ports, 'clock' | 'log'>, methods: readonly string[], serve: ServeMedia) =>
  async (c: Context<EdgeEnv>): Promise<Response> => {
    const startMs = clock.nowMs();
    const id = chooseRequestId(c.req.header(REQUEST_ID_HEADER));
    c.set('requestId', id);
    let response: Response;
    try {
      assertPlainPath(c.req.url);
      assertMethod(c, methods);
      response = c.req.method === 'OPTIONS' ? answerPreflight() : await serve(c);
    } catch (error) {
      response = addPlaybackCors(respondToError(error, c, log));
    }
    response.headers.set(REQUEST_ID_HEADER, id);
    addServerTiming(c.get('cacheTiming'), response.headers, clock.nowMs() - startMs);
    return response;
  };
