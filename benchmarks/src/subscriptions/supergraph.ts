import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { ticks: Int }
  type Subscription { ticked(id: ID!): Tick }
  type Tick @key(fields: "id") { id: ID! number: Int! note: String! }`;

/** The supergraph of the one subgraph at this address. */
export function composeClock(url: string): string {
  const { supergraphSdl, errors } = composeServices([{ name: 'clock', typeDefs: parse(sdl), url }]);
  if (!supergraphSdl) throw new Error(`The clock does not compose: ${errors?.join('; ')}`);
  return supergraphSdl;
}

export const subscription = 'subscription Ticks($id: ID!) { ticked(id: $id) { id number note } }';
