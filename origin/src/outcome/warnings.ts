import type { TextRendition } from '@mediaflow/shared/rendition';
import type { Warning } from '@mediaflow/shared/source';

/** Said once, however often it is reported. Pure. */
export const addWarning = (warnings: readonly Warning[], warning: Warning): readonly Warning[] => [
  ...removeWarning(warnings, warning),
  warning,
];

export const removeWarning = (warnings: readonly Warning[], { type, message }: Warning): readonly Warning[] =>
  warnings.filter((known) => known.type !== type || known.message !== message);

/** What was only suspected before gives way to what is known now. */
export const replaceWarning = (warnings: readonly Warning[], warning: Warning): readonly Warning[] => [
  ...warnings.filter(({ type }) => type !== warning.type),
  warning,
];

export const toDroppedText = ({ name }: Pick<TextRendition, 'name'>): Warning => ({
  type: 'subtitles_dropped',
  message: `The subtitle track "${name}" could not be read and was left out.`,
});
