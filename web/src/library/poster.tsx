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

const WAVE = [4, 7, 12, 8, 14, 18, 11, 15, 9, 13, 7, 10, 5, 3] as const;

/** A wave for sound; for a picture that is not there yet, the mark of the house. */
function Placeholder({ isAudio }: { isAudio: boolean }) {
  return (
    <svg class="poster-placeholder" viewBox="0 0 96 54" aria-hidden="true">
      {isAudio ? (
        WAVE.map((height, index) => <rect key={index} x={21 + index * 4} y={27 - height / 2} width="2" height={height} rx="1" />)
      ) : (
        <g transform="translate(37.5 16.5) scale(.875)">
          <rect x="1" y="9.5" width="3.2" height="5" rx="1.2" />
          <rect x="6" y="6.5" width="3.2" height="11" rx="1.2" />
          <rect x="11" y="3" width="3.2" height="18" rx="1.2" />
          <path d="M16.4 7.2v9.6a.9.9 0 0 0 1.4.72l5-4.8a1 1 0 0 0 0-1.44l-5-4.8a.9.9 0 0 0-1.4.72Z" />
        </g>
      )}
    </svg>
  );
}
