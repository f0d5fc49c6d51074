import { GraphQLError } from 'graphql';

/** @throws GraphQLError BAD_USER_INPUT unless exactly one of the two is given. */
export function exactlyOne(
  field: string,
  { id, handle }: { id?: string | null; handle?: string | null },
): { by: 'id' | 'handle'; key: string } {
  if (typeof id === 'string' && typeof handle !== 'string') return { by: 'id', key: id };
  if (typeof handle === 'string' && typeof id !== 'string') return { by: 'handle', key: handle };
  throw new GraphQLError(`${field} wants exactly one of id and handle.`, { extensions: { code: 'BAD_USER_INPUT' } });
}
