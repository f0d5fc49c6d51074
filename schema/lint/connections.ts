import { Kind } from 'graphql';
import { namedType, objectTypes, type Part, type Problem } from './part.ts';

const pageArguments = ['first', 'after', 'last', 'before'];
const connectionFields = ['edges', 'nodes', 'pageInfo', 'totalCount'];

/** Lists that grow are Relay connections: all four arguments, edges and nodes, page info and total count. */
export const connections = (parts: readonly Part[]): Problem[] =>
  parts.flatMap((part) =>
    objectTypes(part).flatMap((type) => [
      ...(type.name.value.endsWith('Connection') ? missing(connectionFields, type.fields) : []).map(
        (name) => `${part.name}: ${type.name.value} has no ${name}`,
      ),
      ...(type.fields ?? []).flatMap((field) =>
        namedType(field.type).endsWith('Connection') && field.type.kind !== Kind.LIST_TYPE
          ? missing(pageArguments, field.arguments).map(
              (name) => `${part.name}: ${type.name.value}.${field.name.value} does not take ${name}`,
            )
          : [],
      ),
    ]),
  );

const missing = (wanted: readonly string[], given: readonly { name: { value: string } }[] = []): string[] =>
  wanted.filter((name) => !given.some((one) => one.name.value === name));
