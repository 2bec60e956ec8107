import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { parseRoute, type Route } from './route.ts';

/** Fired on `window` by `navigate`: `pushState` tells nobody. */
const NAVIGATED = 'mediaflow:navigated';

export function navigate(path: string): void {
  if (path === location.pathname) return;
  history.pushState(null, '', path);
  window.scrollTo(0, 0);
  window.dispatchEvent(new Event(NAVIGATED));
}

export function useRoute(): Route {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const read = () => setPath(location.pathname);
    window.addEventListener('popstate', read);
    window.addEventListener(NAVIGATED, read);
    return () => {
      window.removeEventListener('popstate', read);
      window.removeEventListener(NAVIGATED, read);
    };
  }, []);
  return parseRoute(path);
}

interface LinkProps {
  readonly href: string;
  readonly class?: string;
  readonly label?: string;
  readonly isCurrent?: boolean;
  readonly testId?: string;
  readonly children: ComponentChildren;
}

/** An anchor that changes the page in place; with a modifier key or another button it is any other link. */
export function Link({ href, label, isCurrent, testId, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(href);
  };
  return (
    <a
      href={href}
      class={rest.class}
      aria-label={label}
      aria-current={isCurrent ? 'page' : undefined}
      data-testid={testId}
      onClick={follow}
    >
      {children}
    </a>
  );
}
