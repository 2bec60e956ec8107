import 'media-chrome/menu/media-chrome-menu';
import 'media-chrome/menu/media-chrome-menu-button';
import 'media-chrome/menu/media-chrome-menu-item';
import { element } from './element.ts';
import { AUTO, type QualityChoice } from './quality.ts';

export interface QualityMenu {
  readonly button: HTMLElement;
  readonly menu: HTMLElement;
  setChoices(choices: readonly QualityChoice[]): void;
  /** What the button says. */
  setLabel(text: string): void;
}

const MENU_ID = 'player-quality-menu';
const BUTTON_ID = 'player-quality-button';

/**
 * A quality menu of media-chrome's parts. Its own `media-rendition-menu` is redrawn, and so closed, at every switch of
 * rendition, which is just when people open it.
 */
export function createQualityMenu(onSelect: (index: number) => void): QualityMenu {
  const label = element('span', { class: 'player-label', 'data-testid': 'player-level' }, AUTO.label);
  const button = element(
    'media-chrome-menu-button',
    { id: BUTTON_ID, invoketarget: MENU_ID, 'aria-label': 'quality', notooltip: '', 'data-testid': 'player-quality', hidden: '' },
    label,
  );
  const menu = element('media-chrome-menu', { id: MENU_ID, anchor: BUTTON_ID, hidden: '', 'data-testid': 'player-quality-menu' });
  menu.addEventListener('change', () => {
    if ('value' in menu) onSelect(Number(menu.value));
  });

  return {
    button,
    menu,
    setChoices(choices) {
      // One way to see it is no choice.
      button.toggleAttribute('hidden', choices.length < 3);
      menu.replaceChildren(
        ...choices.map((choice) =>
          element(
            'media-chrome-menu-item',
            { type: 'radio', value: String(choice.index), ...(choice.index === AUTO.index && { checked: '' }) },
            element('span', {}, choice.label),
          ),
        ),
      );
    },
    setLabel(text) {
      if (label.textContent !== text) label.textContent = text;
    },
  };
}
