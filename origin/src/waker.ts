export interface Waker {
  readonly wake: () => void;
  /** True once woken, at once if that happened since the last call; false after `timeoutMs`. */
  readonly next: (timeoutMs: number) => Promise<boolean>;
}

/** However often it is woken meanwhile, the sleeper wakes once. */
export function createWaker(): Waker {
  let isWoken = false;
  let resume: (() => void) | undefined;
  return {
    wake() {
      isWoken = true;
      resume?.();
    },
    async next(timeoutMs) {
      if (!isWoken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          resume = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        resume = undefined;
      }
      const result = isWoken;
      isWoken = false;
      return result;
    },
  };
}
