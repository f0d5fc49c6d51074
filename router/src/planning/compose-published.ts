import { buildSubgraph, errorCauses } from '@apollo/federation-internals';
import { CompositionError, composeSupergraph } from '@mercato/schema/compose';
import { findBreakingChanges, type GraphQLSchema, Source } from 'graphql';

/** One SDL of a subgraph. */
export interface PublishedSdl {
  readonly hash: string;
  readonly sdl: string;
}

/** A subgraph with what its instances serve now: one SDL, or during a deployment several, the preferred first. */
export interface PublishedSubgraph {
  readonly name: string;
  readonly sdls: readonly PublishedSdl[];
}

export type Composed =
  | {
      readonly kind: 'composed';
      readonly supergraphSdl: string;
      /** Which SDL of each subgraph went in, by its hash. */
      readonly chosen: Readonly<Record<string, string>>;
      /** Subgraphs whose instances serve SDLs of which none is part of the others: calls may meet one that cannot answer. */
      readonly torn: readonly string[];
      /** SDLs that were passed over since another instance's is sound, with what is wrong with them. */
      readonly unsound: readonly string[];
    }
  | { readonly kind: 'failed'; readonly problems: readonly string[] };

/** Composes the SDLs that all instances of each subgraph can answer. */
export function composePublished(subgraphs: readonly PublishedSubgraph[]): Composed {
  const chosen: Record<string, string> = {};
  const torn: string[] = [];
  const unsound: string[] = [];
  try {
    const parts = subgraphs.map(({ name, sdls }) => {
      const sound = sdls.length > 1 ? soundOf(name, sdls, unsound) : sdls;
      const common = commonSdl(name, sound);
      const choice = common ?? sound[0] ?? sdls[0];
      if (!choice) throw new CompositionError(`${name} has published nothing.`);
      if (!common) torn.push(name);
      chosen[name] = choice.hash;
      return { name, source: new Source(choice.sdl, name) };
    });
    return { kind: 'composed', supergraphSdl: composeSupergraph(parts), chosen, torn, unsound };
  } catch (error) {
    return { kind: 'failed', problems: problemsIn(error) };
  }
}

/** Those that are a subgraph's: an instance with another answers nothing that could be asked. */
function soundOf(name: string, sdls: readonly PublishedSdl[], unsound: string[]): readonly PublishedSdl[] {
  return sdls.filter((sdl) => {
    try {
      schemaOf(name, sdl);
      return true;
    } catch (error) {
      unsound.push(...problemsIn(error).map((problem) => `${name}: ${problem}`));
      return false;
    }
  });
}

/** The first SDL of which every operation is answered by all of the others, too. */
export function commonSdl(name: string, sdls: readonly PublishedSdl[]): PublishedSdl | undefined {
  if (sdls.length < 2) return sdls[0];
  const schemas = new Map(sdls.map((sdl) => [sdl, schemaOf(name, sdl)]));
  return sdls.find((candidate) => {
    const asked = schemas.get(candidate);
    return asked && [...schemas.values()].every((schema) => findBreakingChanges(asked, schema).length === 0);
  });
}

const schemaOf = (name: string, { sdl }: PublishedSdl): GraphQLSchema =>
  buildSubgraph(name, `http://${name}`, sdl).schema.toGraphQLJSSchema();

function problemsIn(error: unknown): string[] {
  if (error instanceof CompositionError) return error.message.split('\n');
  if (!(error instanceof Error)) return [String(error)];
  return errorCauses(error)?.map(({ message }) => message) ?? [error.message];
}
