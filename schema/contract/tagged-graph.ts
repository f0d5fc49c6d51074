import {
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  isTypeDefinitionNode,
  Kind,
  type OperationTypeNode,
  parse,
  type SchemaDefinitionNode,
  type TypeDefinitionNode,
} from 'graphql';
import { argumentOf, importsOf, linksOf } from '../links.ts';

/** A supergraph, read for what contracts look at. */
export interface TaggedGraph {
  readonly document: DocumentNode;
  /** The graph's own types by name: none of the specifications that it links. */
  readonly types: ReadonlyMap<string, TypeDefinitionNode>;
  /** Query, mutation and subscription type, as far as they are there. */
  readonly roots: ReadonlyMap<OperationTypeNode, string>;
  /** What `@inaccessible` is called here. */
  readonly inaccessible: string;
  tagsOf(node: Directed): readonly string[];
  isInaccessible(node: Directed): boolean;
}

export interface Directed {
  readonly directives?: readonly DirectiveNode[] | undefined;
}

const inaccessibleUrl = 'https://specs.apollo.dev/inaccessible/v0.2';
const inaccessibleDefinition = `directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION`;

export function readTaggedGraph(supergraphSdl: string): TaggedGraph {
  const document = withInaccessible(parse(supergraphSdl, { noLocation: true }));
  const tag = nameOfFeature(document, 'tag') ?? 'tag';
  const inaccessible = nameOfFeature(document, 'inaccessible') ?? 'inaccessible';
  const imported = new Set(linksOf(document).flatMap((link) => importsOf(link).map(({ as }) => as)));
  const own = document.definitions
    .filter(isTypeDefinitionNode)
    .filter(({ name }) => !name.value.includes('__') && !imported.has(name.value));
  return {
    document,
    types: new Map(own.map((type) => [type.name.value, type])),
    roots: rootsOf(document),
    inaccessible,
    tagsOf: ({ directives = [] }) =>
      directives.filter(({ name }) => name.value === tag).map((directive) => String(argumentOf(directive, 'name'))),
    isInaccessible: ({ directives = [] }) => directives.some(({ name }) => name.value === inaccessible),
  };
}

/** What the directive of a specification of Apollo's is called here; undefined where it is not linked. */
function nameOfFeature(document: DocumentNode, feature: string): string | undefined {
  const link = linksOf(document).find((each) => String(argumentOf(each, 'url')).includes(`/${feature}/`));
  if (!link) return undefined;
  const imported = importsOf(link).find(({ name }) => name === `@${feature}`);
  return imported?.as.slice(1) ?? String(argumentOf(link, 'as') ?? feature);
}

const rootsOf = (document: DocumentNode): ReadonlyMap<OperationTypeNode, string> =>
  new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.SCHEMA_DEFINITION
        ? definition.operationTypes.map(({ operation, type }) => [operation, type.name.value] as const)
        : [],
    ),
  );

/** A graph in which nobody hides anything does not know the directive yet. */
function withInaccessible(document: DocumentNode): DocumentNode {
  if (nameOfFeature(document, 'inaccessible')) return document;
  const { definitions } = parse(inaccessibleDefinition, { noLocation: true });
  const linked = document.definitions.map((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION ? withLink(definition) : definition,
  );
  return { ...document, definitions: [...linked, ...definitions] };
}

const withLink = (schema: SchemaDefinitionNode): SchemaDefinitionNode => ({
  ...schema,
  directives: [...(schema.directives ?? []), linkTo(inaccessibleUrl)],
});

function linkTo(url: string): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'link' },
    arguments: [
      { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'url' }, value: { kind: Kind.STRING, value: url } },
      { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'for' }, value: { kind: Kind.ENUM, value: 'SECURITY' } },
    ],
  };
}
