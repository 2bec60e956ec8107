import type { Flows } from './compute.ts';
import { tracksOf, type World } from './model.ts';
import { PRICES } from './prices.ts';

const SECONDS_PER_MONTH = 730 * 3600;
/** Playlists at the start of a film: multivariant, picture, sound. */
const PLAYLISTS_PER_VIEW = 3;
/** At a point of presence of one's own, so that one may fail. */
const MIN_SERVERS = 2;

/** Dollars a month, with so many viewers day and night. */
export interface MonthlyCosts {
  readonly cloudflare: {
    readonly requests: number;
    readonly cpu: number;
    readonly storeReads: number;
    readonly storage: number;
    readonly total: number;
  };
  readonly selfHosted: { readonly servers: number; readonly serversCost: number; readonly storage: number; readonly total: number };
  readonly cloudflareStream: number;
  readonly mux: number;
}

/** Segments and playlists. */
export function workersRequestsPerSecond(world: World, { requestsPerSecond }: Pick<Flows, 'requestsPerSecond'>): number {
  const meanFilmPart = world.leaving === 0 ? 1 : -Math.expm1(-world.leaving) / world.leaving;
  const viewSeconds = meanFilmPart * world.segmentsPerFilm * world.segmentSeconds;
  return requestsPerSecond + (world.viewers / viewSeconds) * PLAYLISTS_PER_VIEW;
}

function catalogueBytes(world: World): number {
  return world.films * world.segmentsPerFilm * tracksOf(world).reduce((sum, { segmentBytes }) => sum + segmentBytes, 0);
}

/** Pure. @param cpuMsPerRequest what a Worker is billed for one */
export function computeCosts(world: World, flows: Flows, cpuMsPerRequest: number): MonthlyCosts {
  const requests = (workersRequestsPerSecond(world, flows) * SECONDS_PER_MONTH) / 1e6;
  const storedGb = catalogueBytes(world) / 1e9;
  const cloudflare = {
    requests: requests * PRICES.workers.perMillionRequests,
    cpu: requests * cpuMsPerRequest * PRICES.workers.perMillionCpuMs,
    storeReads: ((flows.storeReadsPerSecond * SECONDS_PER_MONTH) / 1e6) * PRICES.r2.perMillionClassB,
    storage: storedGb * PRICES.r2.perGbMonth,
  };
  const { perServerMonth, gbpsPerServer, utilisation, perGbMonthStored } = PRICES.selfHosted;
  const gbps = (flows.bytesPerSecond * 8) / 1e9;
  const serversAt = (share: number): number => Math.max(MIN_SERVERS, Math.ceil((gbps * share) / (gbpsPerServer * utilisation)));
  const servers = world.pops.reduce((sum, { count, share }) => sum + count * serversAt(share), 0);
  const selfHosted = { servers, serversCost: servers * perServerMonth, storage: storedGb * perGbMonthStored };
  const deliveredMinutes = (world.viewers * SECONDS_PER_MONTH) / 60;
  const storedMinutes = (world.films * world.segmentsPerFilm * world.segmentSeconds) / 60;
  const byMinute = (price: { readonly perMinuteDelivered: number; readonly perMinuteStoredMonth: number }): number =>
    deliveredMinutes * price.perMinuteDelivered + storedMinutes * price.perMinuteStoredMonth;
  return {
    cloudflare: { ...cloudflare, total: cloudflare.requests + cloudflare.cpu + cloudflare.storeReads + cloudflare.storage },
    selfHosted: { ...selfHosted, total: selfHosted.serversCost + selfHosted.storage },
    cloudflareStream: byMinute(PRICES.cloudflareStream),
    mux: byMinute(PRICES.mux),
  };
}
