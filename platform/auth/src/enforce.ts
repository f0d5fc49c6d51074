import {
  type DirectiveNode,
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  valueFromASTUntyped,
} from 'graphql';
import { type RequiredScopes, requireScopes, unauthenticated, type Viewer } from './viewer.ts';

interface WithViewer {
  readonly viewer: Viewer;
}

type Rule = (viewer: Viewer) => void;

/**
 * Makes `@authenticated` and `@requiresScopes` hold in this schema, on fields and on whole types, whoever calls.
 * The router strips them before it plans; here they are never optional. Changes the schema in place.
 */
export function enforceAuthorization(schema: GraphQLSchema): GraphQLSchema {
  const names = directiveNames(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const typeRules = rulesOf(directivesOf(type), names);
    for (const field of Object.values(type.getFields())) {
      const rules = [...typeRules, ...rulesOf(field.astNode?.directives ?? [], names)];
      if (rules.length > 0) guard(field, rules);
    }
  }
  return schema;
}

const directivesOf = (type: GraphQLObjectType): DirectiveNode[] =>
  [type.astNode, ...type.extensionASTNodes].flatMap((node) => node?.directives ?? []);

function guard(field: GraphQLField<unknown, WithViewer>, rules: readonly Rule[]): void {
  const { resolve = defaultFieldResolver, subscribe } = field;
  const check = (context: WithViewer) => {
    for (const rule of rules) rule(context.viewer);
  };
  field.resolve = (parent, args, context, info) => {
    check(context);
    return resolve(parent, args, context, info);
  };
  if (!subscribe) return;
  field.subscribe = (parent, args, context, info) => {
    check(context);
    return subscribe(parent, args, context, info);
  };
}

function rulesOf(directives: readonly DirectiveNode[], names: Map<string, 'authenticated' | 'requiresScopes'>): Rule[] {
  return directives.flatMap((directive): Rule[] => {
    const meaning = names.get(directive.name.value);
    if (meaning === 'authenticated') {
      return [
        (viewer) => {
          if (viewer.kind === 'guest') throw unauthenticated();
        },
      ];
    }
    if (meaning !== 'requiresScopes') return [];
    const argument = directive.arguments?.find(({ name }) => name.value === 'scopes');
    const scopes = argument ? (valueFromASTUntyped(argument.value) as RequiredScopes) : [];
    return [(viewer) => requireScopes(viewer, scopes)];
  });
}

/** The names under which the schema imports the two directives; `@link(import: [{name, as}])` may rename them. */
function directiveNames(schema: GraphQLSchema): Map<string, 'authenticated' | 'requiresScopes'> {
  const names = new Map<string, 'authenticated' | 'requiresScopes'>([
    ['federation__authenticated', 'authenticated'],
    ['federation__requiresScopes', 'requiresScopes'],
    ['authenticated', 'authenticated'],
    ['requiresScopes', 'requiresScopes'],
  ]);
  const links = [schema.astNode, ...schema.extensionASTNodes]
    .flatMap((node) => node?.directives ?? [])
    .filter(({ name }) => name.value === 'link');
  for (const link of links) {
    const imports = link.arguments?.find(({ name }) => name.value === 'import');
    const entries = imports ? (valueFromASTUntyped(imports.value) as (string | { name: string; as?: string })[]) : [];
    for (const entry of entries) {
      if (typeof entry === 'string' || !entry.as) continue;
      const meaning = names.get(entry.name.slice(1));
      if (meaning) names.set(entry.as.slice(1), meaning);
    }
  }
  return names;
}
