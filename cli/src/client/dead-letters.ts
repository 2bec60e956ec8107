import { type DeadLetter, deadLetterSchema } from '@mediaflow/shared/api';
import { z } from 'zod';
import type { ApiClient } from './api-client.ts';

const PAGE_LIMIT = 100;

/** All of the account's jobs that were given up, the last one first. */
export async function listDeadLetters(api: ApiClient): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (let page = 1; ; page += 1) {
    const batch = await api.request(`/system/v1/dead-letters?limit=${PAGE_LIMIT}&page=${page}`, z.array(deadLetterSchema));
    letters.push(...batch);
    if (batch.length < PAGE_LIMIT) return letters;
  }
}

/** Asks for the job once more. @throws AppError `not_found`, or `gone` where the work has no sense any more */
export const replayDeadLetter = (api: ApiClient, id: string): Promise<void> =>
  api.send(`/system/v1/dead-letters/${encodeURIComponent(id)}/replay`, { method: 'POST' });
