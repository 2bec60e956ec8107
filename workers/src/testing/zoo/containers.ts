import { clip, picture, tone, X264, type ZooCase } from './zoo-case.ts';

const both = [...picture(), ...tone()] as const;

/** Every container and codec of the published table that the installed ffmpeg can also write. */
export const CONTAINER_CASES: readonly ZooCase[] = [
  clip('MP4 of H.264 and AAC', 'a.mp4', [...both, ...X264, '-c:a', 'aac']),
  clip('MP4 in fragments', 'a.mp4', [...both, ...X264, '-c:a', 'aac', '-movflags', '+frag_keyframe+empty_moov']),
  clip('MP4 of HEVC', 'a.mp4', [...both, '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-c:a', 'aac']),
  clip('MP4 of AV1', 'a.mp4', [...both, '-c:v', 'libsvtav1', '-preset', '12', '-c:a', 'aac']),
  clip('QuickTime of ProRes 422 HQ and 24 bit PCM', 'a.mov', [...both, '-c:v', 'prores_ks', '-profile:v', '3', '-c:a', 'pcm_s24le']),
  clip('QuickTime of Motion JPEG and PCM', 'a.mov', [...both, '-c:v', 'mjpeg', '-c:a', 'pcm_s16be']),
  clip('QuickTime of Animation', 'a.mov', [...both, '-c:v', 'qtrle', '-c:a', 'alac']),
  clip('3GP of H.263 and AAC', 'a.3gp', [...picture('176x144'), ...tone(), '-c:v', 'h263', '-c:a', 'aac'], { size: [176, 144] }),
  clip('Matroska of FFV1 and FLAC', 'a.mkv', [...both, '-c:v', 'ffv1', '-c:a', 'flac']),
  clip('Matroska of H.264 and Dolby Digital', 'a.mkv', [...both, ...X264, '-c:a', 'ac3']),
  clip('Matroska of uncompressed pictures', 'a.mkv', [...both, '-c:v', 'rawvideo', '-c:a', 'pcm_f32le']),
  clip('WebM of VP9 and Opus', 'a.webm', [...both, '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus']),
  clip('WebM of VP8 and Vorbis', 'a.webm', [...both, '-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libvorbis']),
  clip('AVI of MPEG-4 and MP3 with packed B-frames', 'a.avi', [
    ...[...both, '-c:v', 'libxvid', '-bf', '2', '-flags', '+mv4', '-bsf:v', 'mpeg4_unpack_bframes', '-c:a', 'mp3'],
  ]),
  clip('AVI of HuffYUV and PCM', 'a.avi', [...both, '-vf', 'format=yuv422p', '-c:v', 'huffyuv', '-c:a', 'pcm_s16le']),
  clip('ASF of Windows Media', 'a.wmv', [...both, '-c:v', 'wmv2', '-c:a', 'wmav2']),
  clip('transport stream of H.264 and AAC', 'a.ts', [...both, ...X264, '-c:a', 'aac']),
  clip('transport stream of MPEG-2 and layer II', 'a.ts', [...both, '-c:v', 'mpeg2video', '-c:a', 'mp2']),
  clip('transport stream of a camera', 'a.m2ts', [...both, ...X264, '-c:a', 'ac3', '-f', 'mpegts', '-mpegts_m2ts_mode', '1']),
  clip('program stream of MPEG-2', 'a.mpg', [...both, '-c:v', 'mpeg2video', '-c:a', 'mp2', '-f', 'vob']),
  clip('program stream of MPEG-1', 'a.mpg', [...both, '-c:v', 'mpeg1video', '-c:a', 'mp2', '-f', 'mpeg']),
  clip('Flash of H.264 and AAC', 'a.flv', [...both, ...X264, '-c:a', 'aac']),
  clip('Flash of Sorenson H.263 and MP3', 'a.flv', [...picture(), ...tone(2, 'r=44100'), '-c:v', 'flv', '-c:a', 'mp3']),
  clip('Ogg of Theora and Vorbis', 'a.ogv', [...both, '-c:v', 'libtheora', '-c:a', 'libvorbis']),
];
