import { type ChoiceMenu, createChoiceMenu } from './choice-menu.ts';

/** Two speech bubbles, as people know them from language choices. */
const ICON_PATH =
  'M4 3h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H8l-4 3.5V13a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Zm13 5h3a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2v3.5L16 18h-5a2 2 0 0 1-2-2v-1h4a4 4 0 0 0 4-4V8Z';

/** The languages, where there is more than one. */
export const createAudioMenu = (onSelect: (index: number) => void): ChoiceMenu =>
  createChoiceMenu({ name: 'audio', label: 'audio track', face: createIcon(), minimum: 2, onSelect });

function createIcon(): SVGElement {
  const icon = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  icon.classList.add('player-icon');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', ICON_PATH);
  icon.append(path);
  return icon;
}
