import {
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
} from 'graphql';
import type { ComposableSubgraph } from '../compose.ts';

/** A subgraph's schema, read for linting. */
export interface Part {
  readonly name: string;
  readonly document: DocumentNode;
}

/** A sentence that says where and what, such as `cart: Cart.lines has no description`. */
export type Problem = string;

export const readPart = ({ name, source }: ComposableSubgraph): Part => ({ name, document: parse(source) });

export const roots = ['Query', 'Mutation', 'Subscription'];

export const objectTypes = ({ document }: Part): ObjectTypeDefinitionNode[] =>
  document.definitions.filter((definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION);

interface WithDirectives {
  readonly directives?: readonly DirectiveNode[] | undefined;
}

export const has = (node: WithDirectives, name: string): boolean =>
  node.directives?.some((directive) => directive.name.value === name) ?? false;

/** The text arguments of each use of a directive, such as the field sets of every `@key`. */
export const argumentsOf = (node: WithDirectives, directive: string, argument: string): string[] =>
  (node.directives ?? [])
    .filter(({ name }) => name.value === directive)
    .flatMap(({ arguments: given = [] }) =>
      given.flatMap(({ name, value }) => (name.value === argument && value.kind === Kind.STRING ? [value.value] : [])),
    );

/** The names in the field sets of a type's keys. */
export const keyFields = (type: ObjectTypeDefinitionNode): Set<string> =>
  new Set(argumentsOf(type, 'key', 'fields').flatMap((fields) => fields.split(/[\s{}]+/).filter(Boolean)));

/**
 * The subgraph an entity belongs to: the one that describes it. Others that add to it or point at it only name its key.
 */
export const owners = (parts: readonly Part[]): Map<string, string> =>
  new Map(
    parts.flatMap((part) =>
      objectTypes(part).flatMap((type) =>
        has(type, 'key') && type.description ? [[type.name.value, part.name] as const] : [],
      ),
    ),
  );

export const namedType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
