import { probePayloadSchema } from '@mediaflow/shared/jobs';
import type { SecondCodec } from '@mediaflow/shared/rendition';
import type { TaskRow } from '../db/schema.ts';

/** The second codec that the asset was probed for; a later change of the setting is for later assets. */
export const readSecondCodec = (probe: TaskRow | undefined): SecondCodec | undefined =>
  probe === undefined ? undefined : probePayloadSchema.parse(probe.payload).secondCodec;
