import { OperationTypeNode, print } from 'graphql';
import { hiddenByTags } from './contract/hidden.ts';
import { mark } from './contract/mark.ts';
import { unreachable } from './contract/reach.ts';
import { readTaggedGraph } from './contract/tagged-graph.ts';

/** Which tags make a variant of the graph; see `docs/decisions/0026-contracts.md`. */
export interface ContractFilter {
  /** With any, fields and unions are left out unless they or their type carry one of these. */
  readonly include?: readonly string[];
  /** What carries one of these is left out, whatever else it carries. */
  readonly exclude?: readonly string[];
}

/** The tags do not make a graph; each problem names its place. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

/**
 * The supergraph with everything outside the contract `@inaccessible`: its API schema holds nothing else, while keys
 * and `@requires` still reach it. Types, fields, arguments, input fields and enum values may be tagged; a tag of an
 * object or interface is its fields' too. What is left of nothing, and what nothing leads to, is left out as well.
 * Whether what is left is a valid schema, its planner tells; or `buildContract`, which takes far longer.
 * @throws ContractError
 */
export function markContract(supergraphSdl: string, { include = [], exclude = [] }: ContractFilter): string {
  const both = include.filter((tag) => exclude.includes(tag));
  if (both.length > 0)
    throw new ContractError(`A contract cannot both include and exclude the tag ${both.join(', ')}.`);
  if (include.length + exclude.length === 0) throw new ContractError('A contract wants tags to include or to exclude.');

  const graph = readTaggedGraph(supergraphSdl);
  const hidden = hiddenByTags(graph, { include, exclude });
  const query = graph.roots.get(OperationTypeNode.QUERY);
  if (!query || hidden.has(query)) throw new ContractError('The tags leave no query in the contract.');
  const isNamed = (node: Parameters<typeof graph.tagsOf>[0]) => graph.tagsOf(node).some((tag) => include.includes(tag));
  for (const name of unreachable(graph, hidden, isNamed)) hidden.add(name);

  return print(mark(graph, hidden));
}
