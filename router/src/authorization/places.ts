import { type GraphQLCompositeType, type GraphQLObjectType, type GraphQLSchema, isAbstractType } from 'graphql';

/** Where a selection stands: the type it is written for, and the objects that may be met there. */
export interface Place {
  readonly type: GraphQLCompositeType;
  readonly possible: readonly GraphQLObjectType[];
  /** The same for the same place. */
  readonly key: string;
}

/** Places of a schema: a fragment within a fragment narrows what may be met. */
export class Places {
  readonly #schema: GraphQLSchema;
  readonly #whole = new Map<string, Place>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Where anything of the type may be met. */
  of(type: GraphQLCompositeType): Place {
    const known = this.#whole.get(type.name);
    if (known) return known;
    const possible = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    const place = { type, possible, key: type.name };
    this.#whole.set(type.name, place);
    return place;
  }

  /** The part of a place that a fragment on `condition` is for. */
  within(place: Place, condition: GraphQLCompositeType): Place {
    if (condition === place.type) return place;
    const whole = this.of(condition);
    const possible = whole.possible.filter((type) => place.possible.includes(type));
    if (possible.length === whole.possible.length) return whole;
    return { type: condition, possible, key: `${condition.name}:${possible.map(({ name }) => name).join()}` };
  }
}
