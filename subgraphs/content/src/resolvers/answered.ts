import { GraphQLError } from 'graphql';
import { ContentUnavailable } from '../domain/content-api/content-unavailable.ts';

/** The same work; when the CMS cannot answer, this field is null with an error that says so, and the rest is answered. */
export async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ContentUnavailable)) throw error;
    throw new GraphQLError('The content of the shop cannot be read at present; try again later.', {
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'content' },
    });
  }
}
