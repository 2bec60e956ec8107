import type { Warning } from '@mediaflow/shared/source';

/** Fewer readable pictures than this, and nobody would call it the film they sent. */
const MIN_GOOD_SHARE = 0.95;

export type PictureVerdict =
  | { readonly verdict: 'good' }
  | { readonly verdict: 'damaged'; readonly warning: Warning }
  | { readonly verdict: 'lost'; readonly message: string };

/** What the damage that encoding has found means for the asset. Pure. */
export function judgePictures(total: number, damaged: number): PictureVerdict {
  if (damaged === 0 || total === 0) return { verdict: 'good' };
  const share = stringifyShare(damaged / total);
  if (damaged / total > 1 - MIN_GOOD_SHARE) return { verdict: 'lost', message: `${share} of this file's pictures are damaged.` };
  return { verdict: 'damaged', warning: { type: 'corrupt', message: `${share} of the pictures are damaged; the rest plays.` } };
}

const stringifyShare = (share: number): string => (share < 0.01 ? 'Less than 1 %' : `${Math.round(share * 100)} %`);
