import type { RequiredScopes } from '@mercato/auth';
import { linkedFeatures } from '@mercato/schema/features';
import { argumentOf } from '@mercato/schema/links';
import { authorizationFeatures } from '@mercato/schema/strip-auth';
import {
  buildASTSchema,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  parse,
} from 'graphql';
import { isImplied } from './implied.ts';
import { internalSelections, rulesOfInternalSelections } from './internal-selections.ts';
import { type Rule, RuleBook } from './rule.ts';

/** What a supergraph requires of those who ask. */
export interface AuthorizationRules {
  /**
   * By name of an object type: required of whoever reads a field of it. By name of an interface: what it requires
   * beyond its implementations.
   */
  readonly ofTypes: ReadonlyMap<string, readonly Rule[]>;
  /**
   * By `Type.field`: what the field requires, the type it returns, and whatever its subgraph needs to be given for it
   * (`@requires`, `@fromContext`). Of an interface's field: what it requires beyond the same field of objects.
   */
  readonly ofFields: ReadonlyMap<string, readonly Rule[]>;
}

type Feature = (typeof authorizationFeatures)[number];

/**
 * Reads `@authenticated`, `@requiresScopes` and `@policy` of a supergraph, by whatever names it imports them.
 * Composition has merged what several subgraphs say of one field or type: all of it is required.
 *
 * @param supergraph with the directives in it, see `stripAuth`
 */
export function readAuthorizationRules(supergraph: string | DocumentNode): AuthorizationRules {
  const document = typeof supergraph === 'string' ? parse(supergraph, { noLocation: true }) : supergraph;
  const names = new Map<string, Feature>(
    linkedFeatures(document, authorizationFeatures).flatMap(({ feature, directives }) =>
      directives.map((name) => [name, feature] as const),
    ),
  );
  if (names.size === 0) return { ofTypes: new Map(), ofFields: new Map() };
  const schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
  const own = new OwnRules(schema, names);
  const direct = { ofTypes: own.ofTypes(), ofFields: own.ofFields() };
  const contextNames = linkedFeatures(document, ['context']).flatMap(({ directives }) => directives);
  return {
    ofTypes: direct.ofTypes,
    ofFields: rulesOfInternalSelections(schema, direct, internalSelections(schema, contextNames)),
  };
}

/** What is written on types and fields. */
class OwnRules {
  readonly #schema: GraphQLSchema;
  readonly #names: ReadonlyMap<string, Feature>;
  readonly #book = new RuleBook();

  constructor(schema: GraphQLSchema, names: ReadonlyMap<string, Feature>) {
    this.#schema = schema;
    this.#names = names;
  }

  ofTypes(): Map<string, readonly Rule[]> {
    const found = new Map<string, readonly Rule[]>();
    for (const type of Object.values(this.#schema.getTypeMap())) {
      const rules = this.#ofType(type);
      if (rules.length > 0) found.set(type.name, rules);
    }
    return found;
  }

  ofFields(): Map<string, readonly Rule[]> {
    const found = new Map<string, readonly Rule[]>();
    for (const type of Object.values(this.#schema.getTypeMap())) {
      if (!(isObjectType(type) || isInterfaceType(type))) continue;
      for (const field of Object.values(type.getFields())) {
        const written = this.#ofField(type, field.name);
        const rules = [...new Set([...written, ...this.#ofType(getNamedType(field.type))])];
        if (rules.length > 0) found.set(`${type.name}.${field.name}`, rules);
      }
    }
    return found;
  }

  #ofType(type: GraphQLNamedType): readonly Rule[] {
    const rules = this.#read([type.astNode, ...type.extensionASTNodes].flatMap((node) => node?.directives ?? []));
    if (rules.length === 0 || !isAbstractType(type)) return rules;
    const ofObjects = this.#schema.getPossibleTypes(type).flatMap((object) => this.#ofType(object));
    return rules.filter((rule) => !isImplied(rule, ofObjects));
  }

  #ofField(type: GraphQLNamedType, name: string): readonly Rule[] {
    if (!(isObjectType(type) || isInterfaceType(type))) return [];
    const rules = this.#read(type.getFields()[name]?.astNode?.directives ?? []);
    if (rules.length === 0 || !isAbstractType(type)) return rules;
    const ofObjects = this.#schema.getPossibleTypes(type).flatMap((object) => this.#ofField(object, name));
    return rules.filter((rule) => !isImplied(rule, ofObjects));
  }

  #read(directives: readonly ConstDirectiveNode[]): readonly Rule[] {
    return directives.flatMap((directive) => {
      switch (this.#names.get(directive.name.value)) {
        case 'authenticated':
          return this.#book.authenticated();
        case 'requiresScopes':
          return this.#book.anyOf('scopes', setsOf(directive, 'scopes'));
        case 'policy':
          return this.#book.anyOf('policies', setsOf(directive, 'policies'));
        default:
          return [];
      }
    });
  }
}

/** GraphQL takes a single value for a list of one. */
function setsOf(directive: ConstDirectiveNode, argument: string): RequiredScopes {
  const given = argumentOf(directive, argument) ?? [];
  return (Array.isArray(given) ? given : [given]).map((all: unknown) => (Array.isArray(all) ? all : [all]).map(String));
}
