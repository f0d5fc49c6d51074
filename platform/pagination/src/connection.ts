import type { PageRequest } from './arguments.ts';
import { encodeCursor } from './cursor.ts';
import type { CursorValue } from './sort.ts';

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** A Relay connection with `nodes` beside `edges`, ready to be returned by a resolver. */
export interface Connection<Node> {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge<Node>[];
  readonly pageInfo: PageInfo;
  /** GraphQL calls it when the field is selected, and only then; counted once however often it is asked. */
  readonly totalCount: () => Promise<number>;
}

/**
 * Makes a connection of fetched rows.
 *
 * `rows` are up to `page.limit + 1`, in the order of `keysetOrderBy`: for a backward page that is reversed.
 * `cursorOf` gives a row's values, one a column of the order. `countAll` counts the whole list, not the page.
 *
 * Towards where it came from a page only knows whether it has a cursor: that the cursor's row still exists is taken for
 * granted, as Relay's specification allows.
 */
export function connection<Node>(
  rows: readonly Node[],
  page: PageRequest,
  cursorOf: (row: Node) => readonly CursorValue[],
  countAll: () => Promise<number>,
): Connection<Node> {
  const hasMore = rows.length > page.limit;
  const kept = rows.slice(0, page.limit);
  const nodes = page.direction === 'forward' ? kept : kept.reverse();
  const edges = nodes.map((node) => ({ cursor: encodeCursor(page.sort, cursorOf(node)), node }));
  const cameFromSomewhere = page.cursor !== null;

  return {
    nodes,
    edges,
    pageInfo: {
      hasNextPage: page.direction === 'forward' ? hasMore : cameFromSomewhere,
      hasPreviousPage: page.direction === 'forward' ? cameFromSomewhere : hasMore,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: once(countAll),
  };
}

function once<T>(compute: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= compute();
    return result;
  };
}
