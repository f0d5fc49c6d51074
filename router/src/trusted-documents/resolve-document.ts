import type { Viewer } from '@mercato/auth';
import type { Logger } from '@mercato/telemetry';
import { LRUCache } from 'lru-cache';
import { type DocumentRequest, documentReference, isSha256 } from './document-reference.ts';
import { type PersistedQueries, sha256 } from './persisted-queries.ts';
import { idRequired, misshapen, notFound, notTrusted } from './refusals.ts';
import type { Safelist } from './safelist.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

export interface ResolvedDocument {
  readonly text: string;
  /** The hash to register the text under, once it has proved to be valid. */
  readonly register?: string;
}

export interface DocumentSources {
  readonly trusted: TrustedDocuments;
  readonly persisted: PersistedQueries;
  readonly logger: Logger;
}

/** Finds the text of the document that a request brings or names, and refuses what its sender may not send. */
export class DocumentResolver {
  readonly #sources: DocumentSources;
  /** Hashes of documents that were told of, so that each is told of once. */
  readonly #audited = new LRUCache<string, true>({ max: 5_000, ttl: 60 * 60 * 1_000 });

  constructor(sources: DocumentSources) {
    this.#sources = sources;
  }

  /** @throws RequestError, when it is no promise as well as when it is one */
  resolve(request: DocumentRequest, viewer: Viewer): ResolvedDocument | Promise<ResolvedDocument> {
    const safelist = this.#sources.trusted.safelistFor(viewer);
    const id = documentReference(request);
    const text = request.query;
    if (text === undefined || text === '') {
      if (id === undefined) throw misshapen('The request wants a GraphQL document as text in "query", or its id.');
      return this.#named(id, safelist, viewer);
    }
    if (safelist.mode === 'ids') throw idRequired();
    if (id !== undefined && id !== sha256(text)) throw misshapen('provided sha does not match query');
    this.#check(text, safelist, viewer);
    return id !== undefined && isOpen(safelist) ? { text, register: id } : { text };
  }

  /** Keeps the text of a document that proved to be valid, where its sender asked for that. */
  accept({ text, register }: ResolvedDocument): void {
    if (register !== undefined) this.#sources.persisted.register(register, text);
  }

  #named(id: string, safelist: Safelist, viewer: Viewer): ResolvedDocument | Promise<ResolvedDocument> {
    const trusted = safelist.textOf(id);
    if (trusted !== undefined) return { text: trusted };
    const found = isOpen(safelist) && isSha256(id) ? this.#sources.persisted.get(id) : undefined;
    return found instanceof Promise
      ? found.then((text) => this.#registered(text, safelist, viewer))
      : this.#registered(found, safelist, viewer);
  }

  #registered(text: string | undefined, safelist: Safelist, viewer: Viewer): ResolvedDocument {
    this.#sources.persisted.counts[text === undefined ? 'missing' : 'found'] += 1;
    if (text === undefined) throw notFound();
    this.#check(text, safelist, viewer);
    return { text };
  }

  #check(text: string, safelist: Safelist, viewer: Viewer): void {
    if (safelist.mode === 'off' || safelist.holds(text)) return;
    if (safelist.mode !== 'audit') throw notTrusted();
    const hash = sha256(text);
    if (this.#audited.has(hash)) return;
    this.#audited.set(hash, true);
    this.#sources.logger.info(
      { document: hash, operations: namesIn(text), viewer: viewer.kind },
      'A document outside the manifests was sent',
    );
  }
}

/** Whether documents that are in no manifest may be sent at all. */
const isOpen = ({ mode }: Safelist): boolean => mode === 'off' || mode === 'audit';

/** Names of a document's operations; its text may hold what is nobody's business. */
const namesIn = (text: string): string[] =>
  [...text.slice(0, 10_000).matchAll(/\b(?:query|mutation|subscription)\s+(\w+)/g)].flatMap(([, name]) => name ?? []);
