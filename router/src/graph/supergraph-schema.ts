import { buildASTSchema, type GraphQLSchema, parse } from 'graphql';
import type { Graph } from './graph.ts';

const built = new WeakMap<Pick<Graph, 'supergraphSdl'>, GraphQLSchema>();

/**
 * The supergraph's own schema: all types, those that clients do not see too, each element with its directives in its
 * `astNode`. Made once for a graph, when it is first asked for.
 */
export function supergraphSchemaOf(graph: Pick<Graph, 'supergraphSdl'>): GraphQLSchema {
  let schema = built.get(graph);
  if (!schema) {
    schema = buildASTSchema(parse(graph.supergraphSdl, { noLocation: true }), { assumeValidSDL: true });
    built.set(graph, schema);
  }
  return schema;
}
