import type { Asset, NewAssetSettings, PlaybackPolicy } from '@mediaflow/shared/api';
import type { ErrorCode } from '@mediaflow/shared/errors';
import type { AssetEventType } from '@mediaflow/shared/events';
import type { AccountId, AssetId, PlaybackId, SigningKeyId, TokenId, UploadId } from '@mediaflow/shared/ids';
import type { WorkJobName } from '@mediaflow/shared/jobs';
import type { Rendition } from '@mediaflow/shared/ladder';
import type { Source } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';
import type { SigningAlgorithm } from '@mediaflow/shared/token';
import type { Unit } from '@mediaflow/shared/units';
import type { ColumnType, Generated, GeneratedAlways, Kysely, Selectable } from 'kysely';

/** Read as `T`, written as JSON text: the driver would turn a bare array into a Postgres array. */
type Json<T> = ColumnType<T, string, string>;

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
  created_at: Date;
  revoked_at: Date | null;
}

export interface SigningKeysTable {
  id: SigningKeyId;
  account_id: AccountId;
  algorithm: SigningAlgorithm;
  public_jwk: Json<Record<string, unknown>>;
  created_at: Date;
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
  upload_id: UploadId;
  status: 'preparing' | 'ready' | 'errored';
  version: number;
  source_key: string;
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
  probe_enqueued_at: Date;
  probe_requeues: Generated<number>;
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
  done_at: Date | null;
  enqueued_at: Date;
  requeues: Generated<number>;
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

export interface OutboxTable {
  id: GeneratedAlways<number>;
  job: WorkJobName;
  payload: Json<unknown>;
  due_at: Generated<Date>;
}

export interface Database {
  accounts: AccountsTable;
  api_tokens: ApiTokensTable;
  signing_keys: SigningKeysTable;
  uploads: UploadsTable;
  assets: AssetsTable;
  playback_ids: PlaybackIdsTable;
  units: UnitsTable;
  events: EventsTable;
  outbox: OutboxTable;
}

/** The pool or a transaction on it. */
export type Db = Kysely<Database>;

export type ApiTokenRow = Selectable<ApiTokensTable>;
export type SigningKeyRow = Selectable<SigningKeysTable>;
export type UploadRow = Selectable<UploadsTable>;
export type AssetRow = Selectable<AssetsTable>;
export type PlaybackIdRow = Selectable<PlaybackIdsTable>;
export type UnitRow = Selectable<UnitsTable>;
export type EventRow = Selectable<EventsTable>;
export type OutboxRow = Selectable<OutboxTable>;
