const SHORTCUTS = [
  { keys: ['Space', 'K'], does: 'play' },
  { keys: ['←', '→'], does: '10 s' },
  { keys: ['↑', '↓'], does: 'volume' },
  { keys: ['M'], does: 'mute' },
  { keys: ['<', '>'], does: 'speed' },
  { keys: ['F'], does: 'full screen' },
  { keys: ['P'], does: 'picture in picture' },
] as const;

/** media-chrome's keys; they work while the player has the focus. */
export function Shortcuts() {
  return (
    <p class="shortcuts">
      <span class="visually-hidden">Keys while the player has the focus: </span>
      {SHORTCUTS.map(({ keys, does }) => (
        <span key={does}>
          {keys.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}{' '}
          {does}
        </span>
      ))}
    </p>
  );
}
