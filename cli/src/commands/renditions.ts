import type { Asset } from '@mediaflow/shared/api';
import { getAttribute } from '@mediaflow/shared/hls/attributes';
import { parseMultivariantPlaylist } from '@mediaflow/shared/hls/parse';
import { paint } from '../ui/output.ts';
import { formatTable } from '../ui/table.ts';
import { formatClock } from '../ui/units.ts';

/** What a player has to choose from, as a table, read from the multivariant playlist at `url`. */
export async function describeRenditions(url: string, asset: Asset, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal });
  const rows = variantRows(await response.text());
  const length = asset.duration === undefined ? '' : `  ${formatClock(asset.duration)}`;
  return `\n${paint('green', 'ready')}${length}\n\n${formatTable(['RESOLUTION', 'FRAMES/S', 'PEAK', 'AVERAGE', 'CODECS'], rows)}\n`;
}

/** Largest first. */
export function variantRows(text: string): readonly (readonly string[])[] {
  return parseMultivariantPlaylist(text)
    .entries.filter((entry) => entry.kind === 'variant')
    .map(({ attributes }) => ({
      peak: Number(getAttribute(attributes, 'BANDWIDTH') ?? 0),
      row: [
        getAttribute(attributes, 'RESOLUTION') ?? 'audio',
        getAttribute(attributes, 'FRAME-RATE') ?? '',
        formatBitrate(getAttribute(attributes, 'BANDWIDTH')),
        formatBitrate(getAttribute(attributes, 'AVERAGE-BANDWIDTH')),
        getAttribute(attributes, 'CODECS') ?? '',
      ],
    }))
    .toSorted((a, b) => b.peak - a.peak)
    .map(({ row }) => row);
}

function formatBitrate(bitsPerSecond: string | undefined): string {
  return bitsPerSecond === undefined ? '' : `${(Number(bitsPerSecond) / 1e6).toFixed(2)} Mb/s`;
}
