import { type AssetPhase, labelOf } from '../library/asset-phase.ts';

export function StatusChip({ phase }: { phase: AssetPhase }) {
  return (
    <span class={`chip ${phase.kind}`} data-testid="asset-status" data-phase={phase.kind}>
      {labelOf(phase)}
    </span>
  );
}
