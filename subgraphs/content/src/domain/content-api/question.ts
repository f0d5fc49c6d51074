/** Editors' unpublished work, or what the public sees. */
export type Stage = 'DRAFT' | 'PUBLISHED';

export interface Question {
  /** Name of the operation in the document; for logs, and to tell a broken question from a broken server. */
  readonly operation: string;
  readonly document: string;
  /** Without stage and locales, which every document takes as `$stage` and `$locales`. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly stage: Stage;
  /** In order of preference. */
  readonly locales: readonly string[];
}

/** The body that is sent. The smallest plan takes 10 KB: `bodyOf(…).length` is what chunks are measured by. */
export const bodyOf = ({ operation, document, variables, stage, locales }: Question): string =>
  JSON.stringify({ query: document, operationName: operation, variables: { ...variables, stage, locales } });
