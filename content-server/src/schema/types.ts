import {
  GraphQLBoolean,
  type GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLScalarType,
  GraphQLString,
} from 'graphql';
import type { ContentModel, Field, ModelDescription } from '../model/description.ts';
import type { Entry } from '../store/documents.ts';
import { assetFields } from './asset-fields.ts';
import type { ComponentSource, RequestContext } from './context.ts';
import { modelFields } from './entry-fields.ts';
import { entrySystemFields } from './entry-system.ts';
import { InputTypes } from './inputs.ts';
import { embeddingRichText, RichText } from './rich-text.ts';
import { DateTime } from './scalars.ts';
import { connectionOf, Entity, enumOf, Node, required, Stage } from './system.ts';

/** The types that follow from the content model, made once each. */
export class ModelTypes {
  readonly content: ContentModel;
  readonly locale: GraphQLEnumType;
  readonly inputs: InputTypes;
  readonly #objects = new Map<string, GraphQLObjectType>();
  readonly #connections = new Map<string, GraphQLObjectType>();
  readonly #enumerations = new Map<string, GraphQLEnumType>();
  readonly #orders = new Map<string, GraphQLEnumType>();

  constructor(content: ContentModel) {
    this.content = content;
    this.locale = enumOf('Locale', 'Languages of the project.', content.locales);
    for (const field of [...content.models, ...content.components].flatMap(({ fields }) => fields)) {
      if (field.kind === 'enumeration') {
        const { name, description, values } = field.enumeration;
        this.#enumerations.set(name, enumOf(name, description, values));
      }
    }
    this.inputs = new InputTypes(content.models, content.components, (name) => this.enumeration(name));
    for (const model of content.models) this.#objects.set(model.name, this.#modelObject(model));
    for (const { name, description, fields } of content.components) {
      this.#objects.set(name, this.#componentObject(name, description, fields));
    }
  }

  get all(): GraphQLNamedType[] {
    return [...this.#objects.values()];
  }

  object(name: string): GraphQLObjectType {
    return found(this.#objects.get(name), name);
  }

  enumeration(name: string): GraphQLEnumType {
    return found(this.#enumerations.get(name), name);
  }

  connection(name: string): GraphQLObjectType {
    const made = this.#connections.get(name) ?? connectionOf(name, this.object(name));
    this.#connections.set(name, made);
    return made;
  }

  orderBy(model: ModelDescription): GraphQLEnumType {
    const made = this.#orders.get(model.name) ?? this.inputs.orderBy(model);
    this.#orders.set(model.name, made);
    return made;
  }

  scalar(field: Field): GraphQLScalarType | GraphQLEnumType {
    switch (field.kind) {
      case 'int':
        return GraphQLInt;
      case 'float':
        return GraphQLFloat;
      case 'boolean':
        return GraphQLBoolean;
      case 'dateTime':
        return DateTime;
      case 'enumeration':
        return this.enumeration(field.enumeration.name);
      default:
        return GraphQLString;
    }
  }

  richText(owner: string, field: Field & { kind: 'richText' }): GraphQLObjectType {
    if (!field.embeds) return RichText;
    const name = `${owner}${field.name.charAt(0).toUpperCase()}${field.name.slice(1)}RichText`;
    return embeddingRichText(
      name,
      field.embeds.map((embedded) => this.object(embedded)),
    );
  }

  #modelObject(model: ModelDescription): GraphQLObjectType {
    return new GraphQLObjectType<Entry, RequestContext>({
      name: model.name,
      description: model.description,
      interfaces: [Entity, Node],
      fields: () => ({
        ...entrySystemFields(this, model),
        ...modelFields(this, model),
        ...(model.name === 'Asset' ? assetFields : {}),
      }),
    });
  }

  /** Components are entities and no nodes: they live in an entry. */
  #componentObject(name: string, description: string, fields: readonly Field[]): GraphQLObjectType {
    return new GraphQLObjectType<ComponentSource, RequestContext>({
      name,
      description,
      interfaces: [Entity],
      fields: () => ({
        id: { type: required(GraphQLID), resolve: ({ component }) => component.id },
        stage: { type: required(Stage), resolve: ({ entry }) => entry.snapshot.stage },
        ...modelFields(this, { name, fields }),
      }),
    });
  }
}

function found<T>(made: T | undefined, name: string): T {
  if (made === undefined) throw new Error(`The content model speaks of ${name}, which it does not have.`);
  return made;
}
