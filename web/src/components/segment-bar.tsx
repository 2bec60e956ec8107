interface SegmentBarProps {
  /** 0 to 100; undefined while nobody can say. */
  readonly percent: number | undefined;
  readonly label: string;
  readonly tone?: 'accent' | 'warm' | 'danger' | 'quiet';
  readonly testId?: string;
}

/** A progress bar cut into segments, as the film itself is. */
export function SegmentBar({ percent, label, tone = 'accent', testId }: SegmentBarProps) {
  const isKnown = percent !== undefined;
  return (
    <div
      class={`segments ${tone} ${isKnown ? '' : 'unknown'}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={isKnown ? Math.floor(percent) : undefined}
      data-testid={testId}
    >
      <div class="segments-fill" style={{ width: `${percent ?? 100}%` }} />
    </div>
  );
}
