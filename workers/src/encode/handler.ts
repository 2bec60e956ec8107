import type { EncodePayload } from '@mediaflow/shared/jobs';
import type { Handler } from '../handler.ts';
import { encodeMissing } from './encode-missing.ts';

/** Encodes what is missing of one background unit and stores it. */
export const handleEncode: Handler<EncodePayload> = async (payload, context) => {
  const { assetId, version, unit, fence } = payload;
  const renditions = payload.renditions.filter((rendition) => rendition.kind !== 'text');
  const { segments, pictures } = await encodeMissing({ ...payload, renditions, range: unit, urgency: 'background' }, context);
  const outcome = { kind: 'stored' as const, assetId, version, segments: [...segments], unit: { id: unit.id, fence } };
  await context.report({ ...outcome, ...(pictures && { pictures }) }, context.signal);
};
