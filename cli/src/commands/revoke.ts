import { AppError } from '@mediaflow/shared/errors';
import { type RevocableObject, revocableObjectSchema } from '@mediaflow/shared/revocation';
import { createRevocation } from '../client/revocations.ts';
import { toJson } from '../ui/output.ts';
import { formatDate } from '../ui/units.ts';
import { type ClientOptions, type Context, connect } from './context.ts';

export interface RevokeOptions extends ClientOptions {
  /** Of a session. */
  readonly playbackId?: string;
}

/** `revoke TYPE ID` */
export async function revoke(type: string, id: string, options: RevokeOptions, context: Context): Promise<void> {
  const object = parseObject(type, id, options.playbackId);
  const { api } = await connect(context, options);
  const revocation = await createRevocation(api, object);
  if (options.json === true) {
    context.output.print(toJson(revocation));
    return;
  }
  const end = revocation.expires_at === undefined ? '' : ` until ${formatDate(revocation.expires_at)}`;
  context.output.print(`Revoked${end}: ${type} ${id}. Within 30 seconds nothing of it plays any more.`);
  context.output.say(`To take it back: DELETE /system/v1/revocations/${revocation.id}`);
}

function parseObject(type: string, id: string, playbackId: string | undefined): RevocableObject {
  if (type === 'session' && playbackId === undefined) {
    throw new AppError('invalid_parameters', 'revoke session: name the playback id it was opened with, by --playback-id ID.');
  }
  const parsed = revocableObjectSchema.safeParse({ type, id, playback_id: playbackId });
  if (parsed.success) return parsed.data;
  throw new AppError('invalid_parameters', `revoke ${type} ${id}: ${parsed.error.issues.map(({ message }) => message).join('; ')}`);
}
