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
  /** The built web UI. */
  readonly ASSETS: Fetcher;
  /** The media bucket. */
  readonly MEDIA?: R2Bucket;
}
