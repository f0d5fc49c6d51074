import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import type { DocumentNode } from 'graphql';
import type { OperationName } from './names.ts';

/** Subgraphs that go together, and what is asked of them. */
export interface World {
  readonly subgraphs: readonly WorldSubgraph[];
  readonly operations: readonly Operation[];
}

export interface WorldSubgraph {
  readonly name: string;
  readonly typeDefs: DocumentNode;
  /** Answer the same to the same question, always: the processes keep their answers. */
  readonly resolvers: GraphQLResolverMap<unknown>;
}

export interface Operation {
  readonly name: OperationName;
  readonly query: string;
  /** Of the index-th request. */
  readonly variablesAt: (index: number) => Readonly<Record<string, unknown>>;
}
