import { z } from 'zod';

/** First port of the block that a platform takes. */
export const DEFAULT_PORT_BASE = 8780;
export const MAX_WORKERS = 64;

export interface PortPlan {
  readonly edge: number;
  readonly origin: number;
  readonly postgres: number;
  readonly redis: number;
  readonly inspector: number;
  readonly workers: readonly number[];
}

/** Who listens where, as docs/architecture.md has it. */
export function planPorts(base: number, workerCount: number): PortPlan {
  return {
    edge: base,
    origin: base + 1,
    postgres: base + 3,
    redis: base + 4,
    inspector: base + 5,
    workers: Array.from({ length: workerCount }, (_, index) => base + 10 + index),
  };
}

export interface NamedPort {
  readonly name: string;
  readonly port: number;
}

/** Services that run elsewhere need no port here. */
export function listPorts(plan: PortPlan, external: { readonly postgres: boolean; readonly redis: boolean }): readonly NamedPort[] {
  return [
    { name: 'edge', port: plan.edge },
    { name: 'origin', port: plan.origin },
    ...(external.postgres ? [] : [{ name: 'postgres', port: plan.postgres }]),
    ...(external.redis ? [] : [{ name: 'redis', port: plan.redis }]),
    { name: 'edge inspector', port: plan.inspector },
    ...plan.workers.map((port, index) => ({ name: `worker ${index + 1}`, port })),
  ];
}

/** Room for every worker above the base. */
const MAX_PORT_BASE = 65_535 - 10 - MAX_WORKERS;
export const portBaseSchema = integerBetween(1024, MAX_PORT_BASE);
export const workerCountSchema = integerBetween(1, MAX_WORKERS);

function integerBetween(min: number, max: number) {
  const message = `expected a whole number from ${min} to ${max}`;
  return z.coerce.number(message).int(message).min(min, message).max(max, message);
}
