import type { ExternalMultivariant } from '@mediaflow/shared/external/read-playlist';
import { resolutionOf } from '@mediaflow/shared/external/resolution';

export interface MultivariantDescription {
  /** Path of the first variant's media playlist. */
  readonly opening?: string;
  /** Of the largest variant, where any says so. */
  readonly width?: number;
  readonly height?: number;
}

/** What a multivariant playlist says of the film. Pure. */
export function describeMultivariant({ playlist }: ExternalMultivariant): MultivariantDescription {
  const variants = playlist.entries.filter((entry) => entry.kind === 'variant');
  const sizes = variants.flatMap(({ attributes }) => resolutionOf(attributes) ?? []);
  const largest = sizes.toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
  return { ...(variants[0] !== undefined && { opening: variants[0].uri }), ...largest };
}
