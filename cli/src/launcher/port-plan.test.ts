import { expect, test } from 'vitest';
import { listPorts, MAX_WORKERS, planPorts, portBaseSchema } from './port-plan.ts';

test('ports are where docs/architecture.md says', () => {
  expect(planPorts(8780, 2)).toEqual({ edge: 8780, origin: 8781, postgres: 8783, redis: 8784, inspector: 8785, workers: [8790, 8791] });
});

test('services that run elsewhere need no port here', () => {
  const names = listPorts(planPorts(9000, 1), { postgres: true, redis: true }).map((entry) => entry.name);
  expect(names).toEqual(['edge', 'origin', 'edge inspector', 'worker 1']);
});

test('every port of the highest base exists', () => {
  const highest = 65_535 - 10 - MAX_WORKERS;
  expect(portBaseSchema.safeParse(highest).success).toBe(true);
  expect(portBaseSchema.safeParse(highest + 1).success).toBe(false);
  expect(Math.max(...planPorts(highest, MAX_WORKERS).workers)).toBeLessThanOrEqual(65_535);
});
