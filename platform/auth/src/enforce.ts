import {
  type DirectiveNode,
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  valueFromASTUntyped,
} from 'graphql';
import { declaredPolicies, type PolicyEvaluator, policiesNeeded } from './policies.ts';
import { forbidden, type RequiredScopes, requireScopes, unauthenticated, type Viewer } from './viewer.ts';

interface WithViewer {
  readonly viewer: Viewer;
}

/** Throws what the viewer is to be told, at once or by its promise. */
type Rule = (viewer: Viewer) => void | Promise<void>;

const meanings = ['authenticated', 'requiresScopes', 'policy'] as const;
type Meaning = (typeof meanings)[number];

/**
 * Makes `@authenticated`, `@requiresScopes` and `@policy` hold in this schema, on fields and on whole types, whoever
 * calls. The router enforces them before it plans; here they are never optional. Changes the schema in place.
 *
 * @param policies which policies hold for whom; none unless given
 */
export function enforceAuthorization(
  schema: GraphQLSchema,
  policies: PolicyEvaluator = declaredPolicies({}),
): GraphQLSchema {
  const names = directiveNames(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const typeRules = rulesOf(directivesOf(type), names, policies);
    for (const field of Object.values(type.getFields())) {
      const returned = getNamedType(field.type);
      const rules = [
        ...typeRules,
        ...rulesOf(field.astNode?.directives ?? [], names, policies),
        // Of an object type its own fields are guarded.
        ...(isLeafType(returned) ? rulesOf(directivesOf(returned), names, policies) : []),
      ];
      if (rules.length > 0) guard(field, rules);
    }
  }
  return schema;
}

const directivesOf = (type: GraphQLObjectType | GraphQLLeafType): DirectiveNode[] =>
  [type.astNode, ...type.extensionASTNodes].flatMap((node) => node?.directives ?? []);

function guard(field: GraphQLField<unknown, WithViewer>, rules: readonly Rule[]): void {
  const { resolve = defaultFieldResolver, subscribe } = field;
  field.resolve = (parent, args, context, info) => {
    const checked = check(rules, context.viewer);
    return checked ? checked.then(() => resolve(parent, args, context, info)) : resolve(parent, args, context, info);
  };
  if (!subscribe) return;
  field.subscribe = (parent, args, context, info) => {
    const checked = check(rules, context.viewer);
    return checked
      ? checked.then(() => subscribe(parent, args, context, info))
      : subscribe(parent, args, context, info);
  };
}

/** A promise only where a rule needs one: most fields are read without waiting. */
function check(rules: readonly Rule[], viewer: Viewer): Promise<unknown> | undefined {
  let pending: Promise<void>[] | undefined;
  for (const rule of rules) {
    const checked = rule(viewer);
    if (!checked) continue;
    pending ??= [];
    pending.push(checked);
  }
  return pending && Promise.all(pending);
}

function rulesOf(
  directives: readonly DirectiveNode[],
  names: ReadonlyMap<string, Meaning>,
  policies: PolicyEvaluator,
): Rule[] {
  return directives.flatMap((directive): Rule | [] => {
    switch (names.get(directive.name.value)) {
      case 'authenticated':
        return (viewer) => {
          if (viewer.kind === 'guest') throw unauthenticated();
        };
      case 'requiresScopes': {
        const scopes = setsOf(directive, 'scopes');
        return (viewer) => requireScopes(viewer, scopes);
      }
      case 'policy':
        return requirePolicies(setsOf(directive, 'policies'), policies);
      default:
        return [];
    }
  });
}

function requirePolicies(required: RequiredScopes, policies: PolicyEvaluator): Rule {
  const names = [...new Set(required.flat())];
  return async (viewer) => {
    const granted = await policies(viewer, names);
    if (required.some((all) => all.every((name) => granted.has(name)))) return;
    throw viewer.kind === 'guest' ? unauthenticated() : forbidden(policiesNeeded(required));
  };
}

const setsOf = (directive: DirectiveNode, name: string): RequiredScopes =>
  (argumentOf(directive, name) ?? []) as RequiredScopes;

/** The names under which the schema has the directives: imported, renamed by `@link(import: [{name, as}])`, or in a namespace. */
function directiveNames(schema: GraphQLSchema): Map<string, Meaning> {
  const names = new Map<string, Meaning>();
  for (const meaning of meanings) {
    names.set(meaning, meaning);
    names.set(`federation__${meaning}`, meaning);
  }
  const links = [schema.astNode, ...schema.extensionASTNodes]
    .flatMap((node) => node?.directives ?? [])
    .filter(({ name }) => name.value === 'link');
  for (const link of links) {
    const namespace = argumentOf(link, 'as');
    if (typeof namespace === 'string') for (const meaning of meanings) names.set(`${namespace}__${meaning}`, meaning);
    const imports = argumentOf(link, 'import');
    for (const entry of Array.isArray(imports) ? (imports as (string | { name: string; as?: string })[]) : []) {
      if (typeof entry === 'string' || !entry.as) continue;
      const meaning = meanings.find((known) => entry.name === `@${known}`);
      if (meaning) names.set(entry.as.slice(1), meaning);
    }
  }
  return names;
}

function argumentOf(directive: DirectiveNode, name: string): unknown {
  const argument = directive.arguments?.find((given) => given.name.value === name);
  return argument && valueFromASTUntyped(argument.value);
}
