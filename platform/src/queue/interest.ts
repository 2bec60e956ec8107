import type { JobDefinition } from '@mediaflow/shared/jobs';
import { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import { isReadOnly } from './answer.ts';

/** Word to those who work that nobody waits for a job any more. It may get lost with a connection, and then costs nothing but time. */
export interface InterestWatch<Payload> {
  /** `unwanted` is aborted when word of the payload's job comes between this call and `end`. */
  follow(payload: Payload): { readonly unwanted: AbortSignal; end(): void };
  close(): void;
}

/** Where the word on a queue's jobs goes: the job's id is the message. */
export const unwantedChannel = ({ name }: { readonly name: string }): string => `mediaflow:unwanted:${name}`;

export function watchInterest<Payload>(
  definition: Pick<JobDefinition<Payload>, 'name' | 'key'>,
  redisUrl: string,
  log: Log,
): InterestWatch<Payload> {
  const followed = new Map<string, AbortController>();
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null, reconnectOnError: isReadOnly });
  connection.on('error', (error) => log.debug({ err: error }, 'redis connection'));
  connection.on('message', (_, jobId: string) => followed.get(jobId)?.abort());
  // It subscribes again by itself after every loss of the connection.
  connection.subscribe(unwantedChannel(definition)).catch((err: unknown) => log.warn({ err }, 'not told what nobody waits for'));
  return {
    follow(payload) {
      const jobId = definition.key(payload);
      const abort = new AbortController();
      followed.set(jobId, abort);
      const end = (): void => {
        if (followed.get(jobId) === abort) followed.delete(jobId);
      };
      return { unwanted: abort.signal, end };
    },
    close: () => connection.disconnect(),
  };
}
