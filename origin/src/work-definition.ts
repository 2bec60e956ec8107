import { type JobDefinition, WORK_JOBS, type WorkJobName } from '@mediaflow/shared/jobs';

/**
 * Calls `use` with a job's definition and its payload as it was written down, parsed.
 * @throws ZodError when the payload does not parse (any more)
 */
export function withDefinition<T>(
  job: WorkJobName,
  payload: unknown,
  use: <Payload>(definition: JobDefinition<Payload>, payload: Payload) => T,
): T {
  const call = <Payload>(definition: JobDefinition<Payload>): T => use(definition, definition.payload.parse(payload));
  switch (job) {
    case 'probe':
      return call(WORK_JOBS.probe);
    case 'encode':
      return call(WORK_JOBS.encode);
    case 'urgent':
      return call(WORK_JOBS.urgent);
    case 'text':
      return call(WORK_JOBS.text);
    case 'publish':
      return call(WORK_JOBS.publish);
    case 'analyze':
      return call(WORK_JOBS.analyze);
    case 'measure':
      return call(WORK_JOBS.measure);
    case 'poster':
      return call(WORK_JOBS.poster);
    case 'purge':
      return call(WORK_JOBS.purge);
  }
}
