/** The names of the subgraphs, as the supergraph's `join__Graph` lists them. */
export const subgraphNamesIn = (supergraphSdl: string): string[] =>
  [...supergraphSdl.matchAll(/@join__graph\(name: "([^"]+)"/g)].flatMap(([, name]) => (name ? [name] : []));
