import { composeServices } from '@apollo/composition';
import { trivialSubgraphs } from './subgraphs.ts';

/** The supergraph of the trivial subgraphs at these addresses. */
export function composeTrivial(urlOf: Readonly<Record<string, string>>): string {
  const { supergraphSdl, errors } = composeServices(
    trivialSubgraphs.map(({ name, typeDefs }) => ({ name, typeDefs, url: urlOf[name] ?? '' })),
  );
  if (!supergraphSdl) throw new Error(`The trivial subgraphs do not compose: ${errors?.join('; ')}`);
  return supergraphSdl;
}
