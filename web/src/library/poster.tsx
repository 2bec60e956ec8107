import type { Asset } from '@mediaflow/shared/api';
import { useEffect, useState } from 'preact/hooks';
import { usePoster } from './use-poster.ts';

const MAX_TRIES = 5;
const RETRY_MS = 3_000;

/** The poster frame, or a quiet drawing in its place. The frame may be stored a moment after the asset became playable. */
export function Poster({ asset }: { asset: Asset }) {
  const url = usePoster(asset);
  const [tries, setTries] = useState(0);
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    if (!isBroken || tries >= MAX_TRIES) return;
    const timer = setTimeout(() => {
      setTries(tries + 1);
      setBroken(false);
    }, RETRY_MS);
    return () => clearTimeout(timer);
  }, [isBroken, tries]);

  if (url === undefined || isBroken) return <Placeholder isAudio={asset.kind === 'audio'} />;
  return <img key={tries} src={url} alt="" loading="lazy" decoding="async" onError={() => setBroken(true)} />;
}

function Placeholder({ isAudio }: { isAudio: boolean }) {
  const bars = isAudio ? [6, 12, 18, 9, 15, 21, 11, 17, 8, 13] : [14, 14, 14, 14, 14, 14];
  const step = 60 / bars.length;
  return (
    <svg class="poster-placeholder" viewBox="0 0 60 34" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      {bars.map((height, index) => (
        <rect key={`${index}-${height}`} x={index * step + step * 0.2} y={17 - height / 2} width={step * 0.6} height={height} rx="1" />
      ))}
    </svg>
  );
}
