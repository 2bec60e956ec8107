import { registerAsset } from '../client/assets.ts';
import { type Context, connect } from './context.ts';
import { choosePolicy, type NewAssetOptions, printNewAsset, sayHowToPlay } from './new-asset.ts';

export interface RegisterOptions extends NewAssetOptions {
  readonly prefix?: string;
}

/** `register KEY`: playlists that are in the bucket already become an asset. */
export async function register(key: string, options: RegisterOptions, context: Context): Promise<void> {
  const { api } = await connect(context, options);
  const asset = await registerAsset(api, { key, prefix: options.prefix, policy: choosePolicy(options), title: options.title });
  printNewAsset(asset, options, context.output);
  sayHowToPlay(asset, options, context);
}
