import type { Asset } from '@mediaflow/shared/api';
import { choosePlaybackId } from '../client/playback.ts';
import { type Output, toJson } from '../ui/output.ts';
import { type ClientOptions, type Context, nextCommand } from './context.ts';

/** Of every command that makes an asset. */
export interface NewAssetOptions extends ClientOptions {
  readonly public?: boolean;
  readonly title?: string;
}

export const choosePolicy = ({ public: isPublic }: NewAssetOptions): 'public' | 'signed' => (isPublic === true ? 'public' : 'signed');

/** Throws `not_found` for an asset without a playback id. */
export function printNewAsset(asset: Asset, { json }: NewAssetOptions, output: Output): void {
  if (json === true) {
    output.print(toJson(asset));
    return;
  }
  output.print(`Asset        ${asset.id}`);
  output.print(`Playback id  ${choosePlaybackId(asset).id}`);
}

/** For a person, and not beside JSON. */
export function sayHowToPlay(asset: Asset, options: NewAssetOptions, context: Pick<Context, 'cwd' | 'output'>): void {
  if (options.json !== true) context.output.say(`Get a link with: ${nextCommand(`sign ${asset.id}`, options, context)}`);
}
