import { getAttribute } from '../hls/attributes.ts';
import type { AttributeList } from '../hls/types.ts';

/** Pixels, where a variant states its `RESOLUTION`. */
export function resolutionOf(attributes: AttributeList): { readonly width: number; readonly height: number } | undefined {
  const [, width, height] = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(getAttribute(attributes, 'RESOLUTION') ?? '') ?? [];
  return width === undefined || height === undefined ? undefined : { width: Number(width), height: Number(height) };
}
