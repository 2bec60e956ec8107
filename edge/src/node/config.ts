import { z } from 'zod';
import { type EdgeConfig, type Env, edgeConfigSchema, parseConfig } from '../env.ts';

/** The edge as a process of one's own (`main.ts`). */
export interface ServerConfig extends EdgeConfig {
  readonly host: string;
  readonly port: number;
  /** Processes that serve; undefined: one for each core. */
  readonly processes?: number;
  readonly cache: CacheConfig;
  /** Folder of the built web UI; undefined: the one in this tree. */
  readonly webDir?: string;
  /** Proxies of one's own in front of this server, whose word on the client's address and scheme is taken. */
  readonly proxyHops: number;
  /** Header in which those proxies name the client's country; none is believed unless named. */
  readonly countryHeader?: string;
  readonly graceMs: number;
}

export interface CacheConfig {
  readonly directory: string;
  /** All files together. */
  readonly diskBytes: number;
  /** Of all processes together; the garbage collector's share comes on top. */
  readonly memoryBytes: number;
}

const bytes = z.coerce.number().int().nonnegative();

const serverSchema = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    PORT: z.coerce.number().int().min(1).max(65_535).default(8780),
    EDGE_PROCESSES: z.coerce.number().int().min(1).max(256).optional(),
    EDGE_CACHE_DIR: z.string(),
    EDGE_CACHE_BYTES: bytes.default(10_000_000_000),
    EDGE_CACHE_MEMORY_BYTES: bytes.default(256_000_000),
    EDGE_WEB_DIR: z.string().optional(),
    EDGE_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0),
    EDGE_COUNTRY_HEADER: z
      .string()
      .regex(/^[\w-]+$/, 'the name of a header')
      .optional(),
    SHUTDOWN_GRACE_SECONDS: z.coerce.number().min(0).max(3600).default(20),
  })
  .transform((env) => ({
    host: env.HOST,
    port: env.PORT,
    ...(env.EDGE_PROCESSES !== undefined && { processes: env.EDGE_PROCESSES }),
    cache: { directory: env.EDGE_CACHE_DIR, diskBytes: env.EDGE_CACHE_BYTES, memoryBytes: env.EDGE_CACHE_MEMORY_BYTES },
    ...(env.EDGE_WEB_DIR !== undefined && { webDir: env.EDGE_WEB_DIR }),
    proxyHops: env.EDGE_PROXY_HOPS,
    ...(env.EDGE_COUNTRY_HEADER !== undefined && { countryHeader: env.EDGE_COUNTRY_HEADER }),
    graceMs: env.SHUTDOWN_GRACE_SECONDS * 1000,
  }));

/** Pure. @throws AppError whose details name every variable that is missing or wrong */
export const parseServerConfig = (env: Env): ServerConfig => parseConfig(z.intersection(edgeConfigSchema, serverSchema), env);
