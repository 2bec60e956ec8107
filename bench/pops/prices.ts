/**
 * Public list prices in dollars, without volume discounts. `read` is when the source said so; what no source was found for is an assumption
 * and marked as one.
 */
export const PRICES = {
  workers: {
    perMillionRequests: 0.3,
    perMillionCpuMs: 0.02,
    source: 'https://developers.cloudflare.com/workflows/reference/pricing/ ("identical to Workers Standard pricing")',
    read: '2026-11-21',
  },
  r2: {
    perMillionClassB: 0.36,
    perGbMonth: 0.015,
    perGbEgress: 0,
    source: 'https://developers.cloudflare.com/r2/pricing/',
    read: '2026-11-21',
  },
  cloudflareStream: {
    perMinuteDelivered: 0.001,
    perMinuteStoredMonth: 0.005,
    source: 'https://developers.cloudflare.com/stream/pricing/',
    read: '2026-11-21',
  },
  mux: {
    perMinuteDelivered: 0.0008,
    perMinuteStoredMonth: 0.0024,
    source: 'https://www.mux.com/pricing/video, as third parties quote it; unverified at the source, tiers and resolutions left out',
    read: '2026-05-25',
  },
  selfHosted: {
    /** A server with a port of 10 Gb/s and no metering. */
    perServerMonth: 700,
    gbpsPerServer: 10,
    /** Of the port, at the busiest hour. */
    utilisation: 0.6,
    perGbMonthStored: 0.015,
    source: 'an assumption, no list price: offers differ by a factor of five between regions and providers',
    read: 'unverified',
  },
} as const;
