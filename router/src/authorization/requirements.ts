import { type GraphQLSchema, getNamedType, isCompositeType, isObjectType, isUnionType } from 'graphql';
import { type Place, Places } from './places.ts';
import type { AuthorizationRules } from './read-rules.ts';
import type { Rule } from './rule.ts';

/** What the rules of a supergraph mean at the places of a schema that clients see. */
export class Requirements {
  readonly places: Places;
  readonly schema: GraphQLSchema;
  readonly #rules: AuthorizationRules;

  constructor(schema: GraphQLSchema, rules: AuthorizationRules) {
    this.schema = schema;
    this.#rules = rules;
    this.places = new Places(schema);
  }

  get none(): boolean {
    return this.#rules.ofTypes.size === 0 && this.#rules.ofFields.size === 0;
  }

  /**
   * What a field requires where it is selected: all that any object requires that may be met there, for which of them
   * it will be is not known before. `__typename`, `__schema` and `__type` require nothing.
   */
  of({ type, possible }: Place, field: string): readonly Rule[] {
    if (field.startsWith('__')) return none;
    let found: Set<Rule> | undefined;
    for (const object of isObjectType(type) || possible.length === 0 ? possible : [type, ...possible]) {
      for (const rules of [this.#rules.ofTypes.get(object.name), this.#rules.ofFields.get(`${object.name}.${field}`)]) {
        if (!rules) continue;
        found ??= new Set();
        for (const rule of rules) found.add(rule);
      }
    }
    return found ? [...found] : none;
  }

  /** Where the selections of a field stand. */
  below({ type }: Place, field: string): Place | undefined {
    const definition = isUnionType(type) ? undefined : type.getFields()[field];
    const returned = definition && getNamedType(definition.type);
    return isCompositeType(returned) ? this.places.of(returned) : undefined;
  }

  /** Where the selections of a fragment stand. */
  within(place: Place, condition: string | undefined): Place {
    const type = condition === undefined ? undefined : this.schema.getType(condition);
    return isCompositeType(type) ? this.places.within(place, type) : place;
  }
}

const none: readonly Rule[] = [];
