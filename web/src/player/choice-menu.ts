import 'media-chrome/menu/media-chrome-menu';
import 'media-chrome/menu/media-chrome-menu-button';
import 'media-chrome/menu/media-chrome-menu-item';
import { element } from './element.ts';

/** A row of a menu. `index` is the engine's. */
export interface Choice {
  readonly index: number;
  readonly label: string;
}

export interface ChoiceMenu {
  readonly button: HTMLElement;
  readonly menu: HTMLElement;
  /** Shows the menu's button when there are at least `minimum` rows to choose from. */
  setChoices(choices: readonly Choice[], checkedIndex: number): void;
}

export interface ChoiceMenuOptions {
  /** Distinguishes the menu's elements: `quality`. */
  readonly name: string;
  readonly label: string;
  /** What the button shows. */
  readonly face: Node;
  readonly minimum: number;
  readonly onSelect: (index: number) => void;
}

/**
 * A menu of media-chrome's parts. Its own rendition menu is redrawn, and so closed, at every switch of rendition, which is just
 * when people open it; its audio menu needs `HTMLMediaElement.audioTracks`, which only Safari has.
 */
export function createChoiceMenu({ name, label, face, minimum, onSelect }: ChoiceMenuOptions): ChoiceMenu {
  const [menuId, buttonId] = [`player-${name}-menu`, `player-${name}-button`];
  const button = element(
    'media-chrome-menu-button',
    { id: buttonId, invoketarget: menuId, 'aria-label': label, notooltip: '', 'data-testid': `player-${name}`, hidden: '' },
    face,
  );
  const menu = element('media-chrome-menu', { id: menuId, anchor: buttonId, hidden: '', 'data-testid': menuId });
  menu.addEventListener('change', () => {
    if ('value' in menu) onSelect(Number(menu.value));
  });

  return {
    button,
    menu,
    setChoices(choices, checkedIndex) {
      button.toggleAttribute('hidden', choices.length < minimum);
      menu.replaceChildren(
        ...choices.map((choice) =>
          element(
            'media-chrome-menu-item',
            { type: 'radio', value: String(choice.index), ...(choice.index === checkedIndex && { checked: '' }) },
            element('span', {}, choice.label),
          ),
        ),
      );
    },
  };
}
