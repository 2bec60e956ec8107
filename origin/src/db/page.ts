import type { ListQuery } from '@mediaflow/shared/api';
import { type SelectQueryBuilder, sql } from 'kysely';

/** One page of an account's rows, newest first; rows of the same moment in the order of their ids, so that no page repeats one. */
export const newestFirst =
  ({ limit, page }: ListQuery) =>
  <Database, Table extends keyof Database, Row>(rows: SelectQueryBuilder<Database, Table, Row>): SelectQueryBuilder<Database, Table, Row> =>
    rows
      .orderBy(sql.ref('created_at'), 'desc')
      .orderBy(sql.ref('id'), 'desc')
      .limit(limit)
      .offset((page - 1) * limit);
