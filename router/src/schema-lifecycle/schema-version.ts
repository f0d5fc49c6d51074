import { schemaHash } from '@mercato/registry';
import type { ContractFilter } from '@mercato/schema/contract';
import { variantsOf } from '../contracts/variants.ts';
import { Graph } from '../graph/graph.ts';
import { type DocumentSettings, Documents } from '../operations/documents.ts';
import type { PlanningThread } from '../planning/planning-thread.ts';

export interface VersionSettings extends Omit<DocumentSettings, 'graph'> {
  readonly contracts?: Readonly<Record<string, ContractFilter>> | undefined;
}

/** The graph of one address, and the documents that were read for it. */
export interface VersionedGraph {
  readonly graph: Graph;
  readonly documents: Documents;
}

/** One version of the schema, loaded: the whole graph and its contracts, which are served together or not at all. */
export class SchemaVersion {
  readonly supergraphSdl: string;
  /** The SHA-256 of the supergraph. */
  readonly hash: string;
  readonly graphs: ReadonlyMap<string, VersionedGraph>;

  private constructor(supergraphSdl: string, graphs: ReadonlyMap<string, VersionedGraph>) {
    this.supergraphSdl = supergraphSdl;
    this.hash = schemaHash(supergraphSdl);
    this.graphs = graphs;
  }

  /** @throws Error, RouterSetupError: when it is no valid supergraph, or its tags make no contract */
  static async load(
    supergraphSdl: string,
    planning: PlanningThread,
    { contracts, ...settings }: VersionSettings,
  ): Promise<SchemaVersion> {
    const graphs = new Map<string, VersionedGraph>();
    try {
      for (const variant of variantsOf(supergraphSdl, contracts)) {
        const graph = await Graph.load(variant.supergraphSdl, planning);
        graphs.set(variant.path, { graph, documents: new Documents({ graph, ...settings }) });
      }
    } catch (error) {
      for (const { graph } of graphs.values()) graph.release();
      throw error;
    }
    return new SchemaVersion(supergraphSdl, graphs);
  }

  /** Resolves when nothing is planned for it any more. */
  async retire(): Promise<void> {
    await Promise.all([...this.graphs.values()].map(({ graph }) => graph.retire()));
  }

  /** It never served. */
  discard(): void {
    for (const { graph } of this.graphs.values()) graph.release();
  }
}
