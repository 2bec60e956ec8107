import type { VideoRendition } from '@mediaflow/shared/rendition';
import type { VideoTarget } from './video-args.ts';

/**
 * What one ffmpeg process makes. SVT-AV1 (1.4) fills tables that all its instances share whenever one begins: while another
 * encodes, that ends in a crash (4 of 60 runs on a loaded machine), so each gets a process, and a decode, of its own. Pure.
 */
export function splitRuns(targets: readonly VideoTarget[]): readonly (readonly VideoTarget[])[] {
  const alone = (codec: VideoRendition['codec']): boolean => codec === 'av1';
  const together = targets
    .map(({ number, renditions }) => ({ number, renditions: renditions.filter(({ codec }) => !alone(codec)) }))
    .filter(({ renditions }) => renditions.length > 0);
  const single = targets.flatMap(({ number, renditions }) =>
    renditions.filter(({ codec }) => alone(codec)).map((rendition) => [{ number, renditions: [rendition] }]),
  );
  return together.length === 0 ? single : [together, ...single];
}
