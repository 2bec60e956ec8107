/** What `wrangler.toml` and the secret store give the worker. */
export interface Bindings {
  readonly ORIGIN_URL?: string;
  readonly UPLOAD_URL?: string;
  readonly MEDIAFLOW_SECRET?: string;
  /** `r2`, `s3`, `origin`, in the order they are asked; unset: those that are bound, or the origin. */
  readonly READERS?: string;
  readonly S3_BUCKET?: string;
  readonly S3_ENDPOINT?: string;
  readonly S3_REGION?: string;
  readonly S3_ACCESS_KEY_ID?: string;
  readonly S3_SECRET_ACCESS_KEY?: string;
  readonly S3_FORCE_PATH_STYLE?: string;
  /** Requests/seconds, such as `500/10`, or `off`. */
  readonly TOKEN_RATE_LIMIT?: string;
  readonly CLIENT_RATE_LIMIT?: string;
  readonly FAILURE_RATE_LIMIT?: string;
  readonly PLAYBACK_RATE_LIMIT?: string;
  /** Cloudflare's counters for the same; a limit without one is counted by isolate. */
  readonly TOKEN_LIMITER?: RateLimit;
  readonly CLIENT_LIMITER?: RateLimit;
  readonly FAILURE_LIMITER?: RateLimit;
  readonly PLAYBACK_LIMITER?: RateLimit;
  /** Origins of other sites whose pages may call the management API, with commas. */
  readonly ALLOWED_ORIGINS?: string;
  /** The built web UI. */
  readonly ASSETS: Fetcher;
  /** The media bucket. */
  readonly MEDIA?: R2Bucket;
}
