import { useEffect, useRef, useState } from 'preact/hooks';
import type { Player } from '../player/player.ts';

interface PlayerBoxProps {
  readonly src: string;
  readonly poster: string | undefined;
  readonly onRenditions: (shortSides: readonly number[]) => void;
}

/** The player's place in the page. Its stream is fixed when it appears: a renewed token must not restart the film. */
export function PlayerBox({ src, poster, onRenditions }: PlayerBoxProps) {
  const box = useRef<HTMLDivElement>(null);
  const [first] = useState({ src, poster, onRenditions });

  useEffect(() => {
    let player: Player | undefined;
    let isGone = false;
    // A chunk of its own: the library does without it.
    void import('../player/player.ts').then(({ mountPlayer }) => {
      if (isGone || box.current === null) return;
      player = mountPlayer(box.current, {
        src: first.src,
        ...(first.poster !== undefined && { poster: first.poster }),
        onRenditions: (renditions) => first.onRenditions(renditions.map(({ width, height }) => Math.min(width, height))),
      });
    });
    return () => {
      isGone = true;
      player?.destroy();
    };
  }, [first]);
  return <div class="player-box" ref={box} />;
}
