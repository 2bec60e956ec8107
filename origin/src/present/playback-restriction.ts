import type { PlaybackRestriction } from '@mediaflow/shared/api';
import type { PlaybackRestrictionAnswer } from '@mediaflow/shared/internal';
import type { PlaybackRestrictionRow } from '../db/schema.ts';
import { stringifyTime } from './time.ts';

export function presentPlaybackRestriction({
  id,
  referrer,
  user_agent,
  created_at,
  updated_at,
}: PlaybackRestrictionRow): PlaybackRestriction {
  return { id, created_at: stringifyTime(created_at), updated_at: stringifyTime(updated_at), referrer, user_agent };
}

/** As the edge asks for it. */
export function presentPlaybackRestrictionAnswer({
  id,
  account_id,
  referrer,
  user_agent,
}: PlaybackRestrictionRow): PlaybackRestrictionAnswer {
  return { id, account_id, referrer, user_agent };
}
