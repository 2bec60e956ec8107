import { median, round } from '../common/statistics.ts';

export interface ScaleRounds {
  /** Wall seconds from the acknowledged last byte to ready, one after the other; and the ratio of two bare encoders (`measureMachineLimit`). */
  readonly wall: readonly { readonly machineLimit: number; readonly oneWorker: number; readonly twoWorkers: number }[];
  readonly kills: {
    readonly count: number;
    /** CPU seconds of all encoders, with the kills and without any. */
    readonly cpuSeconds: number;
    readonly undisturbedCpuSeconds: number;
    readonly segmentCount: number;
    readonly differentSegments: readonly string[];
  };
}

export const BUDGET = { wallRatio: 0.55, redone: 0.15 };

export interface ScaleSummary {
  readonly wallRatio: number;
  /** What `wallRatio` would be at best on this machine. */
  readonly machineLimit: number;
  readonly oneWorkerSeconds: number;
  readonly twoWorkersSeconds: number;
  /** Part of all CPU that was spent twice. */
  readonly redone: number;
  readonly isWithinBudget: boolean;
}

/** Pure; needs a round. */
export function summarize({ wall, kills }: ScaleRounds): ScaleSummary {
  const wallRatio = round(median(wall.map(({ oneWorker, twoWorkers }) => twoWorkers / oneWorker)), 3);
  const redone = round(Math.max(0, kills.cpuSeconds - kills.undisturbedCpuSeconds) / kills.cpuSeconds, 3);
  return {
    wallRatio,
    machineLimit: round(median(wall.map(({ machineLimit }) => machineLimit)), 3),
    oneWorkerSeconds: round(median(wall.map(({ oneWorker }) => oneWorker)), 1),
    twoWorkersSeconds: round(median(wall.map(({ twoWorkers }) => twoWorkers)), 1),
    redone,
    isWithinBudget:
      wallRatio <= BUDGET.wallRatio && redone <= BUDGET.redone && kills.segmentCount > 0 && kills.differentSegments.length === 0,
  };
}
