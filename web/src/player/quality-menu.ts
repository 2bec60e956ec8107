import { type ChoiceMenu, createChoiceMenu } from './choice-menu.ts';
import { element } from './element.ts';
import { AUTO } from './quality.ts';

export interface QualityMenu extends ChoiceMenu {
  /** What the button says. */
  setLabel(text: string): void;
}

/** Automatic and two rungs: one way to see it is no choice. */
const MINIMUM_ROWS = 3;

export function createQualityMenu(onSelect: (index: number) => void): QualityMenu {
  const face = element('span', { class: 'player-label', 'data-testid': 'player-level' }, AUTO.label);
  return {
    ...createChoiceMenu({ name: 'quality', label: 'quality', face, minimum: MINIMUM_ROWS, onSelect }),
    setLabel(text) {
      if (face.textContent !== text) face.textContent = text;
    },
  };
}
