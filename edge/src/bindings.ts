/** What `wrangler.toml` and the secret store give the worker. */
export interface Bindings {
  readonly ORIGIN_URL?: string;
  readonly UPLOAD_URL?: string;
  readonly MEDIAFLOW_SECRET?: string;
  /** The built web UI. */
  readonly ASSETS: Fetcher;
  /** The media bucket; without it media is pulled from the origin. */
  readonly MEDIA?: R2Bucket;
}
