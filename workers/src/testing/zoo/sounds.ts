import { ffmpeg } from '../clips.ts';
import { clip, picture, type Ready, tone, X264, type ZooCase } from './zoo-case.ts';

const heard = (from: number, to: number) => ({ from, to, isHeard: true });
const silent = (from: number, to: number) => ({ from, to, isHeard: false });

/** A file of sound alone. */
function sound(name: string, file: string, args: readonly string[], verdict: Partial<Ready> = {}): ZooCase {
  return { name, file, make: (path) => ffmpeg(...args, path), verdict: { seconds: 2, sound: [heard(0.2, 1.8)], ...verdict } };
}

const only = (layout: string, channel: string): readonly string[] => ['-af', `pan=${layout}|${channel}=c0`];
const film = [...picture(), ...X264] as const;

const LAYOUTS: readonly ZooCase[] = [
  sound('5.1 with speech in the centre alone', 'a.m4a', [...tone(), ...only('5.1', 'FC'), '-c:a', 'aac']),
  sound('7.1 with sound at the side alone', 'a.flac', [...tone(), ...only('7.1', 'SL'), '-c:a', 'flac']),
  sound('mono', 'a.m4a', [...tone(), '-ac', '1', '-c:a', 'aac']),
  sound('8 kHz', 'a.wav', [...tone(2, 'r=8000'), '-c:a', 'pcm_s16le']),
  sound('96 kHz in 24 bits', 'a.flac', [...tone(2, 'r=96000'), '-sample_fmt', 's32', '-c:a', 'flac']),
];

const FORMATS: readonly ZooCase[] = [
  sound('AAC in MP4', 'a.m4a', [...tone(), '-c:a', 'aac']),
  sound('MP3', 'a.mp3', [...tone(), '-c:a', 'mp3']),
  sound('ADTS', 'a.aac', [...tone(), '-c:a', 'aac']),
  sound('Dolby Digital', 'a.ac3', [...tone(), '-c:a', 'ac3']),
  sound('Opus in Ogg', 'a.ogg', [...tone(), '-c:a', 'libopus']),
  sound('AIFF', 'a.aiff', [...tone(), '-c:a', 'pcm_s16be']),
  sound('Core Audio', 'a.caf', [...tone(), '-c:a', 'alac']),
  sound('Windows Media Audio', 'a.wma', [...tone(), '-c:a', 'wmav2']),
  sound('ADPCM', 'a.wav', [...tone(), '-c:a', 'adpcm_ms']),
  {
    name: 'a song with a cover',
    file: 'a.m4a',
    async make(path) {
      await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=600x600', '-frames:v', '1', `${path}.jpg`);
      const cover = ['-map', '0', '-map', '1', '-c:v', 'copy', '-disposition:v:0', 'attached_pic'];
      await ffmpeg(...tone(), '-i', `${path}.jpg`, ...cover, '-c:a', 'aac', path);
    },
    verdict: { seconds: 2, sound: [heard(0.2, 1.8)] },
  },
];

const tracks = (count: number): readonly string[] => ['-map', '0:v', ...Array.from({ length: count }, () => ['-map', '1:a']).flat()];

const WITH_PICTURES: readonly ZooCase[] = [
  clip('no sound', 'a.mp4', film, { audioTracks: 0 }),
  clip('sound that begins late', 'a.mkv', [...picture('160x90', { seconds: 5 }), '-itsoffset', '3', ...tone(), ...X264, '-c:a', 'aac'], {
    seconds: 5,
    sound: [silent(0.1, 2.95), heard(3.05, 4.9)],
  }),
  clip('sound twice as long', 'a.mp4', [...picture(), ...tone(4), ...X264, '-c:a', 'aac'], { seconds: 4, sound: [heard(0.2, 3.8)] }),
  clip(
    'a gap in the sound',
    'a.mkv',
    [...picture('160x90', { seconds: 3 }), ...tone(3), '-af', "aselect='not(between(t,1,2))'", ...X264, '-c:a', 'pcm_s16le'],
    { seconds: 3, sound: [heard(0.1, 0.9), silent(1.1, 1.9), heard(2.1, 2.9)] },
  ),
  clip('nothing to hear', 'a.mp4', [...picture(), '-f', 'lavfi', '-i', 'anullsrc', '-shortest', ...X264, '-c:a', 'aac'], {
    sound: [silent(0, 1.9)],
  }),
  clip(
    'two languages',
    'a.mkv',
    [...picture(), ...tone(), ...tracks(2), ...X264, '-c:a', 'aac', '-metadata:s:a:0', 'language=ger', '-metadata:s:a:1', 'language=fra'],
    { audioTracks: 2 },
  ),
  clip('forty sound tracks', 'a.mkv', [...picture('64x36', { seconds: 1 }), ...tone(1), ...tracks(40), ...X264, '-c:a', 'pcm_u8'], {
    seconds: 1,
    size: [64, 36],
    audioTracks: 8,
    warnings: ['audio_tracks_dropped'],
  }),
];

export const SOUNDS: readonly ZooCase[] = [...LAYOUTS, ...FORMATS, ...WITH_PICTURES];
