import type { Composed, PublishedSubgraph } from '../planning/compose-published.ts';
import type { Outcome, SchemaChecks } from './served-schema.ts';

/** Takes new schemas in. */
export interface SchemaHost {
  readonly supergraphSdl: string;
  offer(supergraphSdl: string, checks: SchemaChecks): Promise<Outcome>;
  compose(subgraphs: readonly PublishedSubgraph[]): Promise<Composed>;
  /** Tells of a schema that could not even be offered. */
  refused(reason: string, problems: readonly string[]): void;
}

/** Where new schemas come from while the router runs. */
export interface SchemaSource {
  start(host: SchemaHost): void;
  /** Resolves when it is at rest. */
  close(): Promise<void>;
}
