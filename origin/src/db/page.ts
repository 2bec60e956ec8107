import type { ListQuery } from '@mediaflow/shared/api';

/** `limit` and `page` of a list as rows to take and to skip. */
export function toWindow({ limit, page }: ListQuery): { readonly limit: number; readonly offset: number } {
  return { limit, offset: (page - 1) * limit };
}
