import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks';
import { sentenceOf } from '../api/request.ts';
import { SessionContext } from '../session.ts';
import type { Store } from '../store.ts';

/** The store's value, followed. */
export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(store.get);
  useEffect(() => {
    const read = () => setValue(() => store.get());
    read();
    return store.subscribe(read);
  }, [store]);
  return value;
}

export interface Task {
  readonly isBusy: boolean;
  /** A sentence about the last run, when it failed. */
  readonly error: string | undefined;
  run(action: () => Promise<void>): void;
}

/** Something a person sets off: one run at a time, its failure in words, a lost session noticed. */
export function useTask(): Task {
  const { noticeError } = useContext(SessionContext);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const isRunning = useRef(false);

  const run = useCallback(
    (action: () => Promise<void>) => {
      if (isRunning.current) return;
      isRunning.current = true;
      setBusy(true);
      setError(undefined);
      action()
        .catch((thrown: unknown) => {
          noticeError(thrown);
          setError(sentenceOf(thrown));
        })
        .finally(() => {
          isRunning.current = false;
          setBusy(false);
        });
    },
    [noticeError],
  );
  return { isBusy, error, run };
}

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
  set(change: (value: T | undefined) => T | undefined): void;
  reload(): void;
}

/** What a page shows, loaded when `key` changes. The last value stays while it is loaded again. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const { noticeError } = useContext(SessionContext);
  const [value, setValue] = useState<T>();
  const [error, setError] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  const latestLoad = useRef(load);
  latestLoad.current = load;

  // `key` and `attempt` are what asks for another load; `load` itself is another function at every draw.
  useEffect(() => {
    const abort = new AbortController();
    setError(undefined);
    latestLoad.current(abort.signal).then(
      (loaded) => {
        if (!abort.signal.aborted) setValue(() => loaded);
      },
      (thrown: unknown) => {
        if (abort.signal.aborted) return;
        noticeError(thrown);
        setError(sentenceOf(thrown));
      },
    );
    return () => abort.abort();
  }, [key, attempt, noticeError]);

  return { value, error, set: (change) => setValue((current) => change(current)), reload: () => setAttempt((count) => count + 1) };
}
