import type { InterestWatch } from '@mediaflow/platform/queue';
import type { UrgentPayload } from '@mediaflow/shared/jobs';
import type { Handler } from '../handler.ts';
import type { AheadGate } from './ahead-gate.ts';
import { encodeMissing } from './encode-missing.ts';

/** One segment that somebody waits for, or soon will. Text is never encoded by the segment: a job of its own makes a whole track. */
export const createUrgentHandler =
  (gate: AheadGate, interest: Pick<InterestWatch<UrgentPayload>, 'follow'>): Handler<UrgentPayload> =>
  async (payload, context) => {
    const { assetId, version, rendition, number, isAhead } = payload;
    if (rendition.kind === 'text') throw new TypeError(`text rendition ${rendition.id} has no segments to encode`);
    const range = { firstSegment: number, segmentCount: 1 };
    const urgency = isAhead ? 'ahead' : 'waited-for';
    const { unwanted, end } = interest.follow(payload);
    const encode = () => encodeMissing({ ...payload, renditions: [rendition], range, urgency, unwanted }, context);
    const passage = isAhead ? gate.passAhead(encode, context.signal) : gate.passWaitedFor(encode, unwanted);
    const encoded = await passage.finally(end);
    // Left undone: whoever waits for it sees the job gone and asks anew, not ahead this time.
    if (encoded === undefined) return;
    const { segments, pictures } = encoded;
    const outcome = { kind: 'stored' as const, assetId, version, segments: [...segments] };
    await context.report({ ...outcome, ...(pictures && { pictures }) }, context.signal);
  };
