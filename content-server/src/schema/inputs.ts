import {
  GraphQLBoolean,
  type GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  type GraphQLInputFieldConfig,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql';
import type { ComponentDescription, Field, ModelDescription } from '../model/description.ts';
import {
  idOperators,
  instantOperators,
  listOperators,
  type Operator,
  operatorsOf,
  quantifiers,
} from '../query/operators.ts';
import { orderable } from '../query/order.ts';
import { DateTime } from './scalars.ts';
import { enumOf, Stage } from './system.ts';

type InputFields = Record<string, GraphQLInputFieldConfig>;

/** Where-inputs and orders of models and components, made once each. */
export class InputTypes {
  readonly #enumerations: (name: string) => GraphQLEnumType;
  readonly #made = new Map<string, GraphQLInputObjectType>();
  readonly #described: ReadonlyMap<string, ModelDescription | ComponentDescription>;
  readonly #models: ReadonlySet<string>;

  constructor(
    models: readonly ModelDescription[],
    components: readonly ComponentDescription[],
    enumerations: (name: string) => GraphQLEnumType,
  ) {
    this.#described = new Map([...models, ...components].map((described) => [described.name, described]));
    this.#models = new Set(models.map(({ name }) => name));
    this.#enumerations = enumerations;
  }

  where(name: string, kind: 'Where' | 'SingleRelationWhere' = 'Where'): GraphQLInputObjectType {
    const typeName = `${name}${kind}Input`;
    return this.#once(typeName, () => ({
      _search: { type: GraphQLString, description: 'Found in any field of text or number, whatever the case.' },
      ...this.#logic(() => this.where(name, kind)),
      ...scalarFilters('id', GraphQLID, idOperators),
      ...(this.#models.has(name) ? this.#systemFilters(name) : {}),
      ...Object.assign({}, ...(this.#described.get(name)?.fields ?? []).map((field) => this.#fieldFilters(field))),
    }));
  }

  unique(model: ModelDescription): GraphQLInputObjectType {
    const fields = model.fields.filter((field) => 'unique' in field && field.unique);
    return this.#once(`${model.name}WhereUniqueInput`, () => ({
      id: { type: GraphQLID },
      ...Object.fromEntries(fields.map(({ name, description }) => [name, { type: GraphQLString, description }])),
    }));
  }

  orderBy(described: ModelDescription): GraphQLEnumType {
    const values = orderable(described.fields).flatMap((name) => [`${name}_ASC`, `${name}_DESC`]);
    return enumOf(`${described.name}OrderByInput`, 'What entries are sorted by.', values);
  }

  #once(name: string, fields: () => InputFields): GraphQLInputObjectType {
    const made = this.#made.get(name) ?? new GraphQLInputObjectType({ name, fields });
    this.#made.set(name, made);
    return made;
  }

  #logic(type: () => GraphQLInputObjectType): InputFields {
    const several = new GraphQLList(new GraphQLNonNull(type()));
    return {
      AND: { type: several, description: 'All of these match.' },
      OR: { type: several, description: 'One or more of these match.' },
      NOT: { type: several, description: 'Not all of these match.' },
    };
  }

  #systemFilters(name: string): InputFields {
    const stamps = ['createdAt', 'updatedAt', 'publishedAt'].map((stamp) =>
      scalarFilters(stamp, DateTime, instantOperators),
    );
    const users = ['createdBy', 'updatedBy', 'publishedBy'].map((field) => ({ [field]: { type: this.where('User') } }));
    const inStages = quantifiers.map(({ suffix, description }) => ({
      [`documentInStages${suffix}`]: { type: this.#whereStage(name), description },
    }));
    return Object.assign({}, ...stamps, ...users, ...inStages);
  }

  #whereStage(name: string): GraphQLInputObjectType {
    return this.#once(`${name}WhereStageInput`, () => ({
      AND: { type: new GraphQLList(new GraphQLNonNull(this.#whereStage(name))) },
      stage: { type: Stage, description: 'The stage to look at.' },
      compareWithParent: {
        type: this.#once(`${name}WhereComparatorInput`, () => ({
          outdated_to: { type: GraphQLBoolean, description: 'Whether that stage holds an older state than this one.' },
        })),
      },
    }));
  }

  #fieldFilters(field: Field): InputFields {
    const { name } = field;
    if (field.kind === 'richText') return {};
    if (field.kind === 'strings') {
      const type = new GraphQLList(new GraphQLNonNull(GraphQLString));
      return Object.fromEntries(
        listOperators.map(({ suffix, description }) => [`${name}${suffix}`, { type, description }]),
      );
    }
    if (field.kind === 'relation' || field.kind === 'component') {
      const type = this.where(field.kind === 'relation' ? field.to : field.component);
      if (!field.list) return { [name]: { type, description: field.description } };
      return Object.fromEntries(
        quantifiers.map(({ suffix, description }) => [`${name}${suffix}`, { type, description }]),
      );
    }
    return scalarFilters(name, this.#scalar(field), operatorsOf(field));
  }

  #scalar(field: Field): GraphQLInputType {
    if (field.kind === 'enumeration') return this.#enumerations(field.enumeration.name);
    if (field.kind === 'int') return GraphQLInt;
    if (field.kind === 'float') return GraphQLFloat;
    if (field.kind === 'boolean') return GraphQLBoolean;
    return field.kind === 'dateTime' ? DateTime : GraphQLString;
  }
}

const scalarFilters = (name: string, type: GraphQLInputType, operators: readonly Operator[]): InputFields =>
  Object.fromEntries(
    operators.map(({ suffix, list, description }) => [
      `${name}${suffix}`,
      { type: list ? new GraphQLList(type) : type, description },
    ]),
  );
