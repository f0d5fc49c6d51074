import type { Graph } from '../graph/graph.ts';
import type { Documents } from '../operations/documents.ts';
import type { Operation } from '../operations/operation.ts';

/** Reads documents for the graph that is served now at one address: whoever asks next is answered by the one put last. */
export class ServedDocuments {
  #current: Documents;

  constructor(first: Documents) {
    this.#current = first;
  }

  get current(): Documents {
    return this.#current;
  }

  get graph(): Graph {
    return this.#current.graph;
  }

  knows(text: string): boolean {
    return this.#current.knows(text);
  }

  /** @throws RequestError */
  read(text: string, operationName: string | undefined): Operation {
    return this.#current.read(text, operationName);
  }

  serve(documents: Documents): void {
    this.#current = documents;
  }
}
