import { useEffect, useRef, useState } from 'preact/hooks';
import type { Player } from '../player/player.ts';

interface PlayerBoxProps {
  readonly src: string;
  /** May come later than the rest: its address takes a token of its own. */
  readonly poster: string | undefined;
  readonly onRenditions: (shortSides: readonly number[]) => void;
}

/** The player's place in the page. Its stream is fixed when it appears: a renewed token must not restart the film. */
export function PlayerBox({ src, poster, onRenditions }: PlayerBoxProps) {
  const box = useRef<HTMLDivElement>(null);
  const [first] = useState({ src, onRenditions });
  const [player, setPlayer] = useState<Player>();
  const [isMissing, setMissing] = useState(false);

  useEffect(() => {
    let mounted: Player | undefined;
    let isGone = false;
    // A chunk of its own: the library does without it.
    import('../player/player.ts').then(
      ({ mountPlayer }) => {
        if (isGone || box.current === null) return;
        mounted = mountPlayer(box.current, {
          src: first.src,
          onRenditions: (renditions) => first.onRenditions(renditions.map(({ width, height }) => Math.min(width, height))),
        });
        setPlayer(mounted);
      },
      () => setMissing(true),
    );
    return () => {
      isGone = true;
      mounted?.destroy();
    };
  }, [first]);

  useEffect(() => {
    if (poster !== undefined) player?.setPoster(poster);
  }, [player, poster]);

  if (isMissing) {
    return (
      <div class="stage-message" role="alert">
        <p>The player could not be loaded. Reload the page to try again.</p>
      </div>
    );
  }
  return <div class="player-box" ref={box} />;
}
