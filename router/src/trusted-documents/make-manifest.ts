import { Kind, parse, print, separateOperations } from 'graphql';
import { ManifestError } from './manifest.ts';
import { sha256 } from './persisted-queries.ts';

/** A text with GraphQL documents, such as a file's. */
export interface DocumentSource {
  readonly name: string;
  readonly text: string;
}

/**
 * The manifest of a client, in Apollo's form: each operation with the fragments of its file that it spreads, as graphql-js
 * prints them, by its SHA-256. The same operations always make the same manifest, in whatever order or files they come.
 * @throws ManifestError for operations without a name, or two of one name
 */
export function makeManifest(sources: readonly DocumentSource[]): string {
  const operations = new Map<string, { id: string; name: string; type: string; body: string }>();
  for (const { name: source, text } of sources) {
    for (const [name, document] of Object.entries(separateOperations(parse(text)))) {
      const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
      if (!operation || name === '') throw new ManifestError(`${source}: every operation wants a name.`);
      if (operations.has(name)) throw new ManifestError(`${source}: there are two operations ${name}.`);
      const body = print(document);
      operations.set(name, { id: sha256(body), name, type: operation.operation, body });
    }
  }
  const sorted = [...operations.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations: sorted };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
