import Hls from 'hls.js';
import type { CreateEngine } from './engine.ts';
import { createHlsConfig } from './policy.ts';
import { shortSideOf } from './quality.ts';

/** How often a decoder fault is met by rebuilding the decoder before the viewer is told. */
const MAX_RECOVERIES = 3;

const LOWEST_LEVEL = 0;
const NO_CAP = -1;

/** hls.js on MediaSource. The full build: sound is an alternate rendition, which the light one cannot play. */
export const createHlsEngine: CreateEngine = (video, src, events) => {
  const onWait = (status: number): void => {
    // Where the film is still being made the lowest rung is there first: until a picture has come, nothing above it is asked for.
    hls.autoLevelCapping = LOWEST_LEVEL;
    events.onWait(status);
  };
  const hls = new Hls(createHlsConfig(onWait));
  let recoveries = 0;

  hls.on(Hls.Events.MANIFEST_PARSED, (_, { levels }) => {
    events.onRenditions(levels.map(({ width, height, bitrate }) => ({ width, height, bitrateBps: bitrate })));
    events.onDelivered();
  });
  hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => {
    const current = hls.levels[level];
    if (current !== undefined) events.onLevel(shortSideOf(current));
  });
  hls.on(Hls.Events.FRAG_BUFFERED, (_, { frag }) => {
    if (frag.type === 'main') hls.autoLevelCapping = NO_CAP;
    events.onDelivered();
  });
  hls.on(Hls.Events.ERROR, (_, data) => {
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && recoveries < MAX_RECOVERIES) {
      recoveries += 1;
      hls.recoverMediaError();
      return;
    }
    events.onFailed(data.type === Hls.ErrorTypes.NETWORK_ERROR ? (data.response?.code ?? 0) : undefined);
    hls.destroy();
  });

  hls.loadSource(src);
  hls.attachMedia(video);
  return {
    select(index) {
      // Not `currentLevel`: dropping the buffer to switch at once would stall the picture.
      hls.nextLevel = index;
    },
    destroy: () => hls.destroy(),
  };
};
