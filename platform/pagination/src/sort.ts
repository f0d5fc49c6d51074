import type { Sql } from '@prisma/client/runtime/client';

/**
 * A named order of a list. Together its columns must tell any two rows apart: end with the primary key. The name is
 * written into cursors, so that a cursor of one order is refused by another.
 */
export interface KeysetSort {
  readonly name: string;
  readonly columns: readonly KeysetColumn[];
}

export interface KeysetColumn {
  /** What is sorted by, such as `Prisma.sql`v."created_at"``; never text from a client. */
  readonly expression: Sql;
  readonly direction: 'asc' | 'desc';
  /**
   * Type of the expression in Postgres. Cursors are checked against it, and values are cast to it. Cast what is neither
   * (an enum, a `real`) within the expression. Instants must be `timestamptz(3)`: a cursor keeps milliseconds.
   */
  readonly type: 'text' | 'int' | 'bigint' | 'float8' | 'boolean' | 'timestamptz';
  /** Where nulls stand when paging forward; left out when the expression is never null, which is cheaper. */
  readonly nulls?: 'first' | 'last';
}

/** A column's value at a row. Instants may be given as `Date` and come back as RFC 3339 text in UTC. */
export type CursorValue = string | number | bigint | boolean | Date | null;

export type PageDirection = 'forward' | 'backward';
