import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DirectiveNode, type DocumentNode, Kind, type ListValueNode, parse, visit } from 'graphql';
import { root } from '../../environment.ts';

const rules = new Set(['authenticated', 'requiresScopes', 'policy']);

/** A subgraph's own schema without its rules of who may what: the stock gateway refuses to load them. */
export function shopSdl(subgraph: string): DocumentNode {
  const document = parse(readFileSync(join(root, 'subgraphs', subgraph, 'schema.graphql'), 'utf8'));
  return visit(document, {
    Directive: (node) =>
      rules.has(node.name.value) ? null : node.name.value === 'link' ? withoutRules(node) : undefined,
  });
}

/** What is not imported is not taken into the supergraph. */
const withoutRules = (link: DirectiveNode): DirectiveNode =>
  visit(link, {
    ListValue: (node: ListValueNode) => ({
      ...node,
      values: node.values.filter((name) => name.kind !== Kind.STRING || !rules.has(name.value.replace('@', ''))),
    }),
  });
