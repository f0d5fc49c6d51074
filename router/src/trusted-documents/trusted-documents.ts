import type { Viewer } from '@mercato/auth';
import type { Logger } from '@mercato/telemetry';
import type { TrustedDocument } from './manifest.ts';
import { ManifestFile } from './manifest-file.ts';
import type { ManifestSettings, SenderKind, TrustedDocumentsOptions } from './options.ts';
import { Safelist, strictest } from './safelist.ts';

export interface TrustedDocumentsSettings {
  readonly logger: Logger;
  /** Milliseconds between looks at the files. */
  readonly lookEvery?: number | undefined;
}

/** Whoever holds it may send any document: our own people at the explorer, say. */
export const anyDocumentScope = 'documents:any';

const senders: readonly SenderKind[] = ['guest', 'customer', 'partner', 'staff'];

/**
 * The documents that clients are known to send, and what others come to. What holds for a request depends on what its
 * credential proves: the name that a client gives itself in a header is a claim that anyone can make.
 */
export class TrustedDocuments {
  readonly #clients: readonly { name: string; settings: ManifestSettings; file: ManifestFile }[];
  #safelists: ReadonlyMap<string, Safelist> = new Map();
  #free = new Safelist('off', []);
  #operationNames: ReadonlySet<string> = new Set();

  /** @throws ManifestError */
  constructor(options: TrustedDocumentsOptions, settings: TrustedDocumentsSettings) {
    this.#clients = Object.entries(options).map(([name, manifest]) => ({
      name,
      settings: manifest,
      file: new ManifestFile(manifest.file, () => this.#arrange(), settings),
    }));
    this.#arrange();
  }

  /** What a viewer may send. */
  safelistFor(viewer: Viewer): Safelist {
    if (viewer.scopes.includes(anyDocumentScope)) return this.#free;
    return this.#safelists.get(viewer.kind) ?? this.#free;
  }

  /** A client's documents, by the client's name. */
  documentsOf(client: string): readonly TrustedDocument[] {
    return this.#clients.find(({ name }) => name === client)?.file.manifest.documents ?? [];
  }

  /** The documents of all clients: what a new schema should still hold good for. */
  get texts(): readonly string[] {
    return this.#clients.flatMap(({ file }) => file.manifest.documents.map(({ text }) => text));
  }

  /** Whether a text is a document of any client, however it is written. */
  holds(text: string): boolean {
    return this.#free.holds(text);
  }

  /** Of the operations in the documents of all clients. */
  get operationNames(): ReadonlySet<string> {
    return this.#operationNames;
  }

  close(): void {
    for (const { file } of this.#clients) file.close();
  }

  /** Verdicts of before a reload hold no more, hence new safelists. */
  #arrange(): void {
    this.#safelists = new Map(
      senders.map((kind) => {
        const counting = this.#clients.filter(({ settings }) => settings.for?.includes(kind) ?? true);
        const mode = strictest(counting.map(({ settings }) => settings.mode ?? 'off'));
        return [
          kind,
          new Safelist(
            mode,
            counting.map(({ file }) => file.manifest),
          ),
        ];
      }),
    );
    this.#free = new Safelist(
      'off',
      this.#clients.map(({ file }) => file.manifest),
    );
    this.#operationNames = new Set(this.texts.flatMap(operationNamesIn));
  }
}

const operationNamesIn = (text: string): string[] =>
  [...text.matchAll(/\b(?:query|mutation|subscription)\s+(\w+)/g)].flatMap(([, name]) => name ?? []);
