import { join } from 'node:path';
import { createLog } from '@mediaflow/platform/log';
import { createFolderStore } from '@mediaflow/platform/storage/folder-store';
import type { OutcomePayload } from '@mediaflow/shared/jobs';
import type { HandlerContext } from '../handler.ts';
import { createStaging } from '../source/staging.ts';
import { openWorkspace } from '../workspace.ts';

/** What a handler is given, on a folder store and scratch space below `directory`; outcomes are kept in order. */
export async function createHandlerContext(
  directory: string,
): Promise<{ readonly context: HandlerContext; readonly outcomes: readonly OutcomePayload[] }> {
  const store = createFolderStore(join(directory, 'store'));
  const outcomes: OutcomePayload[] = [];
  const context: HandlerContext = {
    signal: new AbortController().signal,
    attempt: 1,
    log: createLog('test', 'silent'),
    store,
    staging: createStaging({
      store,
      directory: join(directory, 'sources'),
      freeBytes: () => Promise.resolve(Number.MAX_SAFE_INTEGER),
      minFreeBytes: 0,
    }),
    workspace: await openWorkspace(join(directory, 'work'), process.pid),
    confirmLease: () => Promise.resolve(),
    report: (outcome) => {
      outcomes.push(outcome);
      return Promise.resolve();
    },
  };
  return { context, outcomes };
}
