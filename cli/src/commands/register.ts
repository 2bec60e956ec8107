import { registerAsset } from '../client/assets.ts';
import { choosePlaybackId } from '../client/playback.ts';
import { toJson } from '../ui/output.ts';
import { type ClientOptions, type Context, connect } from './context.ts';

export interface RegisterOptions extends ClientOptions {
  readonly public?: boolean;
  readonly title?: string;
  readonly prefix?: string;
}

/** `register KEY`: playlists that are in the bucket already become an asset. */
export async function register(key: string, options: RegisterOptions, context: Context): Promise<void> {
  const { api } = await connect(context, options);
  const asset = await registerAsset(api, {
    key,
    prefix: options.prefix,
    policy: options.public === true ? 'public' : 'signed',
    title: options.title,
  });
  if (options.json === true) {
    context.output.print(toJson(asset));
    return;
  }
  context.output.print(`Asset        ${asset.id}`);
  context.output.print(`Playback id  ${choosePlaybackId(asset).id}`);
  context.output.say(`Get a link with: ./mediaflow sign ${asset.id}`);
}
