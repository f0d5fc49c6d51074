import { Supergraph } from '@apollo/federation-internals';
import type { Viewer, ViewerKind } from '@mercato/auth';
import { composeSupergraph } from '@mercato/schema/compose';
import { stripAuth } from '@mercato/schema/strip-auth';
import {
  buildSchema,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  printSchema,
  Source,
} from 'graphql';
import { compileAuthorization, type OperationAuthorization } from '../../src/authorization/operation-authorization.ts';
import { readAuthorizationRules } from '../../src/authorization/read-rules.ts';
import { Requirements } from '../../src/authorization/requirements.ts';

const imports = [
  '@key',
  '@requires',
  '@external',
  '@shareable',
  '@inaccessible',
  '@interfaceObject',
  '@context',
  '@fromContext',
  '@authenticated',
  '@requiresScopes',
  '@policy',
];

/** The head of a subgraph's schema; without imports of its own it has all of them under their own names. */
export const federation = (importing = imports.map((name) => JSON.stringify(name)).join(', ')): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${importing}])\n`;

/** What the router makes of subgraphs' schemas: the schema that clients see, and what it requires. */
export interface AuthorizedSchema {
  readonly supergraphSdl: string;
  readonly schema: GraphQLSchema;
  readonly requirements: Requirements;
}

export const composed = (...subgraphs: string[]): AuthorizedSchema =>
  authorized(
    composeSupergraph(
      subgraphs.map((sdl, index) => ({ name: `s${index + 1}`, source: new Source(sdl, `s${index + 1}`) })),
    ),
  );

export function authorized(supergraphSdl: string): AuthorizedSchema {
  const api = Supergraph.build(stripAuth(supergraphSdl)).apiSchema().toGraphQLJSSchema();
  const schema = buildSchema(printSchema(api));
  return { supergraphSdl, schema, requirements: new Requirements(schema, readAuthorizationRules(supergraphSdl)) };
}

export function compile({ requirements }: AuthorizedSchema, query: string): OperationAuthorization | undefined {
  const { definitions } = parse(query);
  const operation = definitions.find(
    (part): part is OperationDefinitionNode => part.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation) throw new Error('The document holds no operation.');
  const fragments = new Map(
    definitions.flatMap((part) => (part.kind === Kind.FRAGMENT_DEFINITION ? [[part.name.value, part]] : [])),
  );
  return compileAuthorization(requirements, operation, fragments);
}

export const viewer = (kind: ViewerKind, ...scopes: string[]): Viewer => ({
  kind,
  id: kind === 'guest' ? null : 'ada',
  scopes,
});
