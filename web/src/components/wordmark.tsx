/** Three segments growing into a play head: what the software does. */
export function Wordmark() {
  return (
    <span class="wordmark">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <rect x="1" y="9.5" width="3.2" height="5" rx="1.2" opacity=".45" />
        <rect x="6" y="6.5" width="3.2" height="11" rx="1.2" opacity=".7" />
        <rect x="11" y="3" width="3.2" height="18" rx="1.2" />
        <path d="M16.4 7.2v9.6a.9.9 0 0 0 1.4.72l5-4.8a1 1 0 0 0 0-1.44l-5-4.8a.9.9 0 0 0-1.4.72Z" />
      </svg>
      <span>
        Media<b>Flow</b>
      </span>
    </span>
  );
}
