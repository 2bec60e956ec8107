import type { Asset, NewAssetSettings, PlaybackPolicy, PlaybackRestriction } from '@mediaflow/shared/api';
import type { ErrorCode } from '@mediaflow/shared/errors';
import type { AssetEventType } from '@mediaflow/shared/events';
import type { ExternalMedia } from '@mediaflow/shared/external/external-media';
import type { AccountId, AssetId, PlaybackId, PlaybackRestrictionId, SigningKeyId, TokenId, UploadId } from '@mediaflow/shared/ids';
import type { JobError, MeasuredRendition, RungQuality, Saving, WorkJobName } from '@mediaflow/shared/jobs';
import type { Rendition, VideoQuality } from '@mediaflow/shared/rendition';
import type { RevocableObject } from '@mediaflow/shared/revocation';
import type { Scope } from '@mediaflow/shared/scopes';
import type { Source, Warning } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';
import type { SigningAlgorithm } from '@mediaflow/shared/token';
import type { Unit } from '@mediaflow/shared/units';
import type { ColumnType, Generated, GeneratedAlways, Kysely, Selectable } from 'kysely';

/** Read as `T`, written as JSON text: the driver would turn a bare array into a Postgres array. */
type Json<T> = ColumnType<T, string, string>;

/** The same for a column that has a default. */
type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;

/** What workers found out about the quality of an asset's rungs. */
export interface StoredQuality {
  readonly rungs?: readonly RungQuality[];
  readonly savings?: readonly Saving[];
  /** The comparison was given up. */
  readonly isFailed?: boolean;
}

/** A customer's files, and what their playlists say. */
export interface StoredExternal extends ExternalMedia {
  readonly durationMs: number;
  /** Of the largest variant, where the playlists say it. */
  readonly width?: number;
  readonly height?: number;
}

export interface AccountsTable {
  id: AccountId;
  name: string;
  created_at: Date;
}

export interface ApiTokensTable {
  id: TokenId;
  account_id: AccountId;
  name: string;
  secret_sha256: string;
  scopes: readonly Scope[];
  created_at: Date;
  revoked_at: Date | null;
}

/** User sessions signed out before they expire. */
export interface EndedUserSessionsTable {
  id: string;
  expires_at: Date;
}

export interface SigningKeysTable {
  id: SigningKeyId;
  account_id: AccountId;
  algorithm: SigningAlgorithm;
  public_jwk: Json<Record<string, unknown>>;
  created_at: Date;
}

export interface PlaybackRestrictionsTable {
  id: PlaybackRestrictionId;
  account_id: AccountId;
  referrer: Json<PlaybackRestriction['referrer']>;
  user_agent: Json<PlaybackRestriction['user_agent']>;
  created_at: Date;
  updated_at: Date;
}

export type UploadStatus = 'waiting' | 'asset_created' | 'cancelled' | 'timed_out';

export interface UploadsTable {
  id: UploadId;
  account_id: AccountId;
  status: UploadStatus;
  timeout_seconds: number;
  cors_origin: string | null;
  settings: Json<NewAssetSettings>;
  attempt: string | null;
  file_name: string | null;
  asset_id: AssetId | null;
  created_at: Date;
  last_byte_at: Date;
  swept_at: Date | null;
}

export interface AssetsTable {
  id: AssetId;
  account_id: AccountId;
  /** Null for what a customer put into the bucket. */
  upload_id: UploadId | null;
  status: 'preparing' | 'ready' | 'errored';
  version: number;
  source_key: string | null;
  size_bytes: number;
  sha256: string | null;
  passthrough: string | null;
  meta: Json<NonNullable<NewAssetSettings['meta']>>;
  source: Json<Source> | null;
  timeline: Json<Timeline> | null;
  renditions: Json<readonly Rendition[]> | null;
  /** Segments of all renditions: how many are stored, and how many there will be. */
  stored_segments: Generated<number>;
  total_segments: Generated<number>;
  error_code: ErrorCode | null;
  error_message: string | null;
  playable_at: Date | null;
  video_quality: ColumnType<VideoQuality, VideoQuality | undefined, VideoQuality>;
  warnings: JsonWithDefault<readonly Warning[]>;
  /** Revision of the manifests that counts. */
  playlist_revision: Generated<number>;
  /** Premium: more renditions follow from an analysis, and the asset is not ready before. */
  is_analysis_due: Generated<boolean>;
  /** Of the renditions that are wholly stored. */
  measured: Json<readonly MeasuredRendition[]> | null;
  quality: Json<StoredQuality> | null;
  pictures_total: Generated<number>;
  pictures_damaged: Generated<number>;
  ready_at: Date | null;
  external: Json<StoredExternal> | null;
  created_at: Date;
}

export interface PlaybackIdsTable {
  id: PlaybackId;
  asset_id: AssetId;
  account_id: AccountId;
  policy: PlaybackPolicy;
  position: GeneratedAlways<number>;
}

export interface UnitsTable {
  asset_id: AssetId;
  version: number;
  id: string;
  unit: Json<Unit>;
  /** Bytes of each segment, rendition by rendition in the unit's order; 0 where it is not stored. Null until the first one is. */
  sizes_bytes: number[] | null;
  /** Likewise, of each segment up to the end of its first picture; 0 for sound. */
  keyframe_bytes: number[] | null;
  /** The unit's `priority`. */
  position: number;
  /** Of the second codec: the asset is ready without it. */
  is_extra: boolean;
  /** Fencing token of the job that may finish the unit; 0 before it was ever handed out. */
  fence: Generated<number>;
  done_at: Date | null;
  /** Null: waits for its turn. */
  enqueued_at: Date | null;
  requeues: Generated<number>;
}

/** Work on an asset that is no unit: probe, poster, text, publish, analyze, measure. The reconciler keeps it in the queue. */
export interface TasksTable {
  asset_id: AssetId;
  version: number;
  id: string;
  job: WorkJobName;
  payload: Json<unknown>;
  enqueued_at: Date;
  requeues: Generated<number>;
  done_at: Date | null;
}

export interface DeadLettersTable {
  id: string;
  account_id: AccountId;
  asset_id: AssetId;
  version: number;
  job: string;
  work_id: string | null;
  attempts: number | null;
  error: Json<JobError>;
  created_at: Date;
  replayed_at: Date | null;
}

export interface EventsTable {
  id: GeneratedAlways<number>;
  account_id: AccountId;
  asset_id: AssetId;
  type: AssetEventType;
  /** The asset as the API showed it at that moment. */
  data: Json<Asset>;
  created_at: Generated<Date>;
}

export interface RevocationsTable {
  id: string;
  account_id: AccountId;
  object: Json<RevocableObject>;
  name: string;
  created_at: Date;
  /** Null: stands until it is lifted. */
  expires_at: Date | null;
  lifted_at: Date | null;
  /** Postgres's number of the transaction that last wrote the row, in digits. */
  changed_in: Generated<string>;
}

export interface OutboxTable {
  id: GeneratedAlways<number>;
  job: WorkJobName;
  payload: Json<unknown>;
  due_at: Generated<Date>;
}

export interface Database {
  accounts: AccountsTable;
  api_tokens: ApiTokensTable;
  ended_user_sessions: EndedUserSessionsTable;
  signing_keys: SigningKeysTable;
  playback_restrictions: PlaybackRestrictionsTable;
  uploads: UploadsTable;
  assets: AssetsTable;
  playback_ids: PlaybackIdsTable;
  units: UnitsTable;
  tasks: TasksTable;
  dead_letters: DeadLettersTable;
  events: EventsTable;
  revocations: RevocationsTable;
  outbox: OutboxTable;
}

/** The pool or a transaction on it. */
export type Db = Kysely<Database>;

export type ApiTokenRow = Selectable<ApiTokensTable>;
export type SigningKeyRow = Selectable<SigningKeysTable>;
export type PlaybackRestrictionRow = Selectable<PlaybackRestrictionsTable>;
export type UploadRow = Selectable<UploadsTable>;
export type AssetRow = Selectable<AssetsTable>;
export type PlaybackIdRow = Selectable<PlaybackIdsTable>;
export type UnitRow = Selectable<UnitsTable>;
export type TaskRow = Selectable<TasksTable>;
export type DeadLetterRow = Selectable<DeadLettersTable>;
export type EventRow = Selectable<EventsTable>;
export type RevocationRow = Selectable<RevocationsTable>;
export type OutboxRow = Selectable<OutboxTable>;
