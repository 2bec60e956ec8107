import { SESSION_DATA } from '@mediaflow/shared/session-data';
import Hls, { type LevelDetails, type ManifestLoadedData } from 'hls.js';
import { createClimb } from './climb.ts';
import { appendWindowEnds } from './clip-end.ts';
import type { CreateEngine } from './engine.ts';
import { createHlsConfig } from './policy.ts';
import { shortSideOf } from './quality.ts';

/** How often a decoder fault is met by rebuilding the decoder before the viewer is told. */
const MAX_RECOVERIES = 3;

const LOWEST_LEVEL = 0;

/** hls.js on MediaSource. The full build: sound is an alternate rendition, which the light one cannot play. */
export const createHlsEngine: CreateEngine = (video, src, events) => {
  const hls = new Hls(createHlsConfig(events.onWait));
  let isFilling = false;
  let recoveries = 0;
  const climb = createClimb(LOWEST_LEVEL);

  // What was not made yet is encoded while we wait: the lowest rung takes the least time. Registered before hls.js' own listener,
  // which asks for the segment.
  const onSeeking = (): void => {
    // Holds for one segment. `autoLevelCapping` would not do: hls.js goes on with the level it computed last.
    if (!isFilling || isBuffered(video)) return;
    hls.nextAutoLevel = LOWEST_LEVEL;
    climb.restart();
  };
  video.addEventListener('seeking', onSeeking);

  let clipEnd: number | undefined;
  // hls.js looks into it whenever it sets the duration, which is the playlist's as long as none is in it.
  const overrides: { duration?: number } = {};
  hls.on(Hls.Events.MANIFEST_LOADED, (_, data) => {
    isFilling = isStillFilling(data);
    clipEnd = clipEndOf(data);
    if (clipEnd !== undefined) overrides.duration = clipEnd;
  });
  hls.on(Hls.Events.BUFFER_CREATED, (_, { tracks }) => {
    const last = hls.latestLevelDetails?.fragments.at(-1);
    if (clipEnd === undefined || last === undefined) return;
    const ends = appendWindowEnds(clipEnd, { startSeconds: last.start, frameRate: hls.levels[0]?.frameRate || undefined });
    if (tracks.video?.buffer) tracks.video.buffer.appendWindowEnd = ends.video;
    if (tracks.audio?.buffer) tracks.audio.buffer.appendWindowEnd = ends.audio;
    // A duration below what is buffered is refused (Media Source Extensions, 2.4.6).
    overrides.duration = ends.audio;
  });
  hls.on(Hls.Events.MANIFEST_PARSED, (_, { levels }) => {
    events.onRenditions(levels.map(({ width, height, bitrate }) => ({ width, height, bitrateBps: bitrate })));
    events.onDelivered();
  });
  const tellAudioTracks = (): void =>
    events.onAudioTracks(
      hls.audioTracks.map(({ name }) => name),
      hls.audioTrack,
    );
  hls.on(Hls.Events.AUDIO_TRACKS_UPDATED, tellAudioTracks);
  hls.on(Hls.Events.AUDIO_TRACK_SWITCHING, tellAudioTracks);
  hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => {
    const current = hls.levels[level];
    if (current !== undefined) events.onLevel(shortSideOf(current));
  });
  hls.on(Hls.Events.FRAG_LOADED, (_, { frag }) => {
    if (!isFilling || frag.type !== 'main') return;
    const { start, first } = frag.stats.loading;
    const limit = climb.judge({ level: frag.level, firstByteMs: first - start });
    if (hls.nextAutoLevel > limit) hls.nextAutoLevel = limit;
  });
  hls.on(Hls.Events.LEVEL_PTS_UPDATED, (_, { details }) => {
    if (isFilling) restoreTimes(details);
  });
  hls.on(Hls.Events.FRAG_BUFFERED, () => events.onDelivered());
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
  hls.attachMedia({ media: video, overrides });
  return {
    selectRendition(index) {
      // Not `currentLevel`: dropping the buffer to switch at once would stall the picture.
      hls.nextLevel = index;
    },
    selectAudioTrack(index) {
      hls.audioTrack = index;
    },
    destroy() {
      video.removeEventListener('seeking', onSeeking);
      hls.destroy();
    },
  };
};

const isStillFilling = ({ sessionData }: ManifestLoadedData): boolean => sessionData?.[SESSION_DATA.state]?.VALUE === 'filling';

/** Seconds; undefined for all that is no clip. */
function clipEndOf({ sessionData }: ManifestLoadedData): number | undefined {
  const end = Number(sessionData?.[SESSION_DATA.clipEnd]?.VALUE);
  return end > 0 ? end : undefined;
}

/**
 * Our playlists' times are exact. hls.js corrects them by what it reads in a segment, but past the edit list, which the browser goes by: it
 * takes the picture for two frames later than it is. A jump to where a segment begins, such as a whole minute, would then ask for the
 * one before it and wait for two.
 */
function restoreTimes({ fragments }: LevelDetails): void {
  for (const fragment of fragments) fragment.setStart(fragment.playlistOffset);
}

function isBuffered({ buffered, currentTime }: HTMLVideoElement): boolean {
  return Array.from({ length: buffered.length }).some(
    (_, index) => buffered.start(index) <= currentTime && currentTime < buffered.end(index),
  );
}
