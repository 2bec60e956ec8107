import { defaultReaderConfig, findIsoBox, isIsoBoxType, readIsoBoxes } from '@svta/cml-iso-bmff';

const BOX_HEADER_BYTES = 8;

/**
 * Bytes from a stored video segment's start to the end of its first sample, read from the segment's first
 * bytes, as many as hold `styp` and `moof`. Undefined when they are not the head of a segment as `media-segment.ts` writes it.
 */
export function readKeyframeBytes(head: Uint8Array): number | undefined {
  try {
    return findKeyframeEnd(head);
  } catch {
    // A segment that lost bytes, or has zeros in the place of some, is what the library stumbles over, in more than one way.
    return undefined;
  }
}

function findKeyframeEnd(head: Uint8Array): number | undefined {
  const moof = readIsoBoxes(head, defaultReaderConfig()).find((box) => isIsoBoxType('moof', box));
  if (moof === undefined) return undefined;
  const trun = findIsoBox<unknown>([moof], (box) => isIsoBoxType('trun', box));
  const sizeBytes = isIsoBoxType('trun', trun) ? trun.samples[0]?.sampleSize : undefined;
  if (sizeBytes === undefined) return undefined;
  const moofEnd = moof.view.byteOffset - head.byteOffset + moof.size;
  return moofEnd + BOX_HEADER_BYTES + sizeBytes;
}
