import { misshapen } from './refusals.ts';

/** What a request may say of its document. */
export interface DocumentRequest {
  readonly query?: string | undefined;
  /** https://github.com/graphql/graphql-over-http/blob/main/spec/Appendix%20A%20--%20Persisted%20Documents.md */
  readonly documentId?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The id by which a request names its document, in either of the two ways there are: `documentId`, or Apollo's extension
 * `persistedQuery`. A SHA-256 is given back without its prefix. Undefined where it names none.
 * @throws RequestError
 */
export function documentReference({ documentId, extensions }: DocumentRequest): string | undefined {
  const persistedQuery = extensions?.persistedQuery;
  if (documentId === undefined || documentId === null) {
    return persistedQuery === undefined || persistedQuery === null ? undefined : hashIn(persistedQuery);
  }
  const id = idIn(documentId);
  if (persistedQuery !== undefined && persistedQuery !== null && hashIn(persistedQuery) !== id) {
    throw misshapen('"documentId" and the extension "persistedQuery" name different documents.');
  }
  return id;
}

/** 64 hexadecimal digits in lower case. */
export const isSha256 = (id: string): boolean => /^[0-9a-f]{64}$/.test(id);

const identifier = /^[\w.~-][\w.~:-]{0,255}$/;
const prefix = 'sha256:';

function idIn(documentId: unknown): string {
  if (typeof documentId !== 'string' || !identifier.test(documentId)) {
    throw misshapen('"documentId" wants letters, digits and -._~: only, such as "sha256:" and 64 hexadecimal digits.');
  }
  if (!documentId.startsWith(prefix)) return documentId;
  const hash = documentId.slice(prefix.length);
  if (!isSha256(hash)) throw misshapen('"documentId" wants 64 hexadecimal digits in lower case after "sha256:".');
  return hash;
}

function hashIn(persistedQuery: unknown): string {
  if (typeof persistedQuery !== 'object' || persistedQuery === null) {
    throw misshapen('The extension "persistedQuery" wants an object with "version" and "sha256Hash".');
  }
  const { version, sha256Hash } = persistedQuery as { version?: unknown; sha256Hash?: unknown };
  if (version !== 1) throw misshapen('Unsupported persisted query version; 1 is known.');
  if (typeof sha256Hash !== 'string' || !identifier.test(sha256Hash)) {
    throw misshapen('"sha256Hash" of the extension "persistedQuery" wants 64 hexadecimal digits.');
  }
  return sha256Hash;
}
