import { argumentOf } from '@mercato/schema/links';
import {
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { type Place, Places } from './places.ts';
import type { AuthorizationRules } from './read-rules.ts';
import type { Rule } from './rule.ts';

/** Something that the router reads, unseen by the client, to give it to the subgraph of a field. */
export interface InternalSelection {
  readonly type: GraphQLCompositeType;
  readonly selectionSet: SelectionSetNode;
}

/** By `Type.field`: what `@requires` and `@fromContext` read for it. Keys are not among them: they tell nothing new. */
export function internalSelections(
  schema: GraphQLSchema,
  contextDirectives: readonly string[],
): Map<string, InternalSelection[]> {
  const contexts = typesOfContexts(schema, contextDirectives);
  const found = new Map<string, InternalSelection[]>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!(isObjectType(type) || isInterfaceType(type))) continue;
    for (const field of Object.values(type.getFields())) {
      const selections = (field.astNode?.directives ?? [])
        .filter(({ name }) => name.value === 'join__field')
        .flatMap((join) => {
          const requires = argumentOf(join, 'requires');
          const required = typeof requires === 'string' ? [{ type, selectionSet: parseFieldSet(requires) }] : [];
          return [...required, ...ofContexts(argumentOf(join, 'contextArguments'), contexts)];
        });
      if (selections.length > 0) found.set(`${type.name}.${field.name}`, selections);
    }
  }
  return found;
}

/**
 * The rules of fields with those of what is read for them, and of what is read for that. Composition asks subgraphs to
 * repeat them on the field; supergraphs composed by others may not.
 */
export function rulesOfInternalSelections(
  schema: GraphQLSchema,
  direct: AuthorizationRules,
  selections: ReadonlyMap<string, readonly InternalSelection[]>,
): Map<string, readonly Rule[]> {
  const places = new Places(schema);
  const done = new Map<string, ReadonlySet<Rule>>();
  const ofField = (coordinate: string): ReadonlySet<Rule> => {
    const known = done.get(coordinate);
    if (known) return known;
    const rules = new Set(direct.ofFields.get(coordinate));
    // Set before it is complete: a circle of requirements ends here.
    done.set(coordinate, rules);
    for (const { type, selectionSet } of selections.get(coordinate) ?? []) {
      for (const rule of direct.ofTypes.get(type.name) ?? []) rules.add(rule);
      collect(places.of(type), selectionSet, rules);
    }
    return rules;
  };
  const collect = (place: Place, selectionSet: SelectionSetNode, rules: Set<Rule>): void => {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        for (const type of [place.type, ...place.possible]) {
          for (const rule of direct.ofTypes.get(type.name) ?? []) rules.add(rule);
          for (const rule of ofField(`${type.name}.${name}`)) rules.add(rule);
        }
        const returned = typeOfField(place.type, name);
        if (selection.selectionSet && returned) collect(places.of(returned), selection.selectionSet, rules);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition && schema.getType(selection.typeCondition.name.value);
        const inner = condition && isCompositeType(condition) ? places.within(place, condition) : place;
        collect(inner, selection.selectionSet, rules);
      }
    }
  };
  const complete = new Map<string, readonly Rule[]>();
  for (const coordinate of new Set([...direct.ofFields.keys(), ...selections.keys()])) {
    const rules = [...ofField(coordinate)];
    if (rules.length > 0) complete.set(coordinate, rules);
  }
  return complete;
}

function typeOfField(type: GraphQLCompositeType, name: string): GraphQLCompositeType | undefined {
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  const returned = field && getNamedType(field.type);
  return isCompositeType(returned) ? returned : undefined;
}

/** The types that set a context, by its name. */
function typesOfContexts(schema: GraphQLSchema, directives: readonly string[]): Map<string, GraphQLCompositeType[]> {
  const contexts = new Map<string, GraphQLCompositeType[]>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isCompositeType(type)) continue;
    for (const directive of type.astNode?.directives ?? []) {
      if (!directives.includes(directive.name.value)) continue;
      const name = String(argumentOf(directive, 'name'));
      contexts.set(name, [...(contexts.get(name) ?? []), type]);
    }
  }
  return contexts;
}

function ofContexts(given: unknown, contexts: ReadonlyMap<string, GraphQLCompositeType[]>): InternalSelection[] {
  if (!Array.isArray(given)) return [];
  return given.flatMap(({ context, selection }: { context?: unknown; selection?: unknown }) =>
    (contexts.get(String(context)) ?? []).map((type) => ({ type, selectionSet: parseFieldSet(String(selection)) })),
  );
}

/** `id product { id }`, with or without braces around it. */
function parseFieldSet(fieldSet: string): SelectionSetNode {
  const text = fieldSet.trim().startsWith('{') ? fieldSet : `{ ${fieldSet} }`;
  const [operation] = parse(text, { noLocation: true }).definitions;
  return (operation as OperationDefinitionNode).selectionSet;
}
