import type { Asset } from '@mediaflow/shared/api';
import { CopyButton } from '../components/copy-button.tsx';
import { Notice } from '../components/notice.tsx';
import { formatBytes, formatDateTime, formatDuration, formatFrameRate, shorten } from '../format.ts';

interface Fact {
  readonly name: string;
  readonly value: string;
  /** The whole of a shortened value. */
  readonly copy?: string;
}

export function FactsPanel({ asset, shortSides }: { asset: Asset; shortSides: readonly number[] }) {
  return (
    <section class="panel" aria-labelledby="facts-title">
      <h2 id="facts-title">Facts</h2>
      {asset.warnings?.map(({ type, message }) => (
        <Notice key={`${type} ${message}`} tone="warm">
          {message}
        </Notice>
      ))}
      <dl class="facts">
        {factsOf(asset, shortSides).map(({ name, value, copy }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span class={copy === undefined ? '' : 'mono'} title={copy}>
                {value}
              </span>
              {copy !== undefined && <CopyButton text={copy} what={name} class="quiet" />}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Only what is known: a fact without a value has no row. */
function factsOf(asset: Asset, shortSides: readonly number[]): readonly Fact[] {
  const picture = asset.tracks?.find(({ type }) => type === 'video');
  const size = picture?.max_width !== undefined && picture.max_height !== undefined && `${picture.max_width} × ${picture.max_height}`;
  const frameRate = asset.max_stored_frame_rate ?? picture?.max_frame_rate;
  const sizeBytes = Number(asset.source?.size ?? Number.NaN);
  const sha256 = asset.source?.sha256;
  // Sound alone is a rendition without a size.
  const rungs = [...new Set(shortSides)].filter((side) => side > 0).sort((a, b) => b - a);
  const facts: readonly (Fact | false)[] = [
    asset.duration !== undefined && { name: 'Duration', value: formatDuration(asset.duration) },
    size !== false && { name: 'Resolution', value: size },
    frameRate !== undefined && { name: 'Frame rate', value: formatFrameRate(frameRate) },
    rungs.length > 0 && { name: 'Renditions', value: `${rungs.length} (${rungs.map((side) => `${side}p`).join(', ')})` },
    !Number.isNaN(sizeBytes) && { name: 'Source size', value: formatBytes(sizeBytes) },
    { name: 'Created', value: formatDateTime(Number(asset.created_at)) },
    sha256 !== undefined && { name: 'SHA-256', value: shorten(sha256), copy: sha256 },
    { name: 'Asset ID', value: shorten(asset.id), copy: asset.id },
  ];
  return facts.filter((fact) => fact !== false);
}
