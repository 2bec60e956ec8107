/** Offered by the file dialogue. Containers of docs/formats.md that some systems give no media type are named by extension. */
export const ACCEPTED_FILES = 'video/*,audio/*,.mkv,.mov,.ts,.mts,.m2ts,.webm,.avi,.flv,.ogg,.opus,.flac';

/**
 * Why a file is not worth sending, or undefined. Only what is certain is refused here: a browser guesses the type from
 * the name, so an unknown type passes and the server looks inside.
 */
export function refuseFile(file: { name: string; size: number; type: string }): string | undefined {
  if (file.size === 0) return 'The file is empty.';
  const [family = ''] = file.type.split('/');
  const isOther = family === 'image' || family === 'text' || family === 'font' || /^application\/(pdf|zip|json)$/.test(file.type);
  // Some systems call MPEG transport streams TypeScript or Qt translations, both text.
  const isTransportStream = /\.m?ts$/i.test(file.name);
  return isOther && !isTransportStream ? 'This is not a video or an audio file.' : undefined;
}
