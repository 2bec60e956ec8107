import { expect, test } from 'vitest';
import { findWriteFailure, hasNoPicture, isEncodeFailure, toFfmpegError } from './ffmpeg-error.ts';

test.each([
  ['ffmpeg exited with code 1: Conversion failed!', 'Conversion failed!', 'encode_failed', /could not be encoded/, { exitCode: 1 }],
  ['ffmpeg exited with code 228: x', 'av_interleaved_write_frame(): No space left on device', 'scratch_full', /scratch/, { exitCode: 228 }],
  ['ffmpeg exited with code 1: x', 'Error writing trailer: Disk quota exceeded', 'scratch_full', /scratch/, { exitCode: 1 }],
  ['ffmpeg was killed with signal SIGKILL', '', 'encode_failed', /memory/, { signal: 'SIGKILL' }],
  ['ffmpeg was killed with signal SIGABRT', 'double free', 'encode_failed', /memory/, { signal: 'SIGABRT' }],
  ['ffmpeg was killed with signal SIGSEGV', '', 'encode_failed', /could not be encoded/, { signal: 'SIGSEGV' }],
  ['ffmpeg exited with code 1: x', 'Error: Cannot allocate memory', 'encode_failed', /memory/, { exitCode: 1 }],
])('%s / %s', (message, stderrTail, code, text, details) => {
  const cause = new Error(message);
  const error = toFfmpegError(cause, 'ffmpeg -i x', stderrTail);
  expect(error).toMatchObject({ code, message: expect.stringMatching(text), cause, isRetryable: true });
  expect(error.details).toEqual({ argv: 'ffmpeg -i x', stderrTail, ...details });
});

test('a run that ends with 0 but could not write its last bytes has failed; one that met damage in its source has not', () => {
  const cut =
    'Error writing trailer of file:/scratch/1.mp4: No space left on device\nError closing file file:/scratch/1.mp4: No space left on device';
  expect(findWriteFailure('ffmpeg', cut)).toMatchObject({ code: 'scratch_full', details: { exitCode: 0, stderrTail: cut } });
  expect(findWriteFailure('ffmpeg', 'Error closing file file:/scratch/1.mp4: Input/output error')).toMatchObject({ code: 'encode_failed' });
  expect(findWriteFailure('ffmpeg', '[out#0/mp4 @ 0x5] Error writing trailer: Input/output error')).toMatchObject({
    code: 'encode_failed',
  });
  expect(findWriteFailure('ffmpeg', '[h264] error while decoding MB 5 3')).toBeUndefined();
});

test.each([
  ['ffmpeg exited with code 1: x', true],
  ['ffmpeg exited with code 183: x', true],
  ['ffmpeg was killed with signal SIGSEGV', true],
  ['ffmpeg exited with code 255: x', false],
  ['ffmpeg was killed with signal SIGTERM', false],
  ['ffmpeg was killed with signal SIGKILL', false],
])('%s: says something of the source: %s', (message, isOfSource) => {
  expect(isEncodeFailure(toFfmpegError(new Error(message), 'ffmpeg', ''))).toBe(isOfSource);
});

test.each([
  ['5.1', '[fatal] Cannot determine format of input stream 0:0 after EOF', true],
  ['9.0', '[fc#0 @ 0x5] [error] Cannot determine format of input 0:0 after EOF', true],
  ['of another failure', '[error] Error initializing the decoder', false],
])('what ffmpeg %s says where there was no picture is known', (_, stderrTail, expected) => {
  expect(hasNoPicture(toFfmpegError(new Error('ffmpeg exited with code 1'), 'ffmpeg', stderrTail))).toBe(expected);
});
