import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { composeServices } from '@apollo/composition';
import { type DocumentNode, GraphQLError, getLocation, parse, Source } from 'graphql';
import { contractDocument } from './build-contract.ts';
import { ContractError } from './contract.ts';
import { contractFile, contracts } from './contracts.ts';
import { subgraphs } from './subgraphs.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);

/** Where the composed schema lives; committed, so that a change of the graph is seen in review. */
export const supergraphFile = join(here, 'supergraph.graphql');

/** The subgraphs do not fit together; each problem with the file and line it comes from. */
export class CompositionError extends Error {
  override readonly name = 'CompositionError';
}

export interface ComposableSubgraph {
  readonly name: string;
  /** SDL, with the name of the file it was read from. */
  readonly source: Source;
}

/** The subgraphs' own schema files. */
export const readSubgraphs = (): ComposableSubgraph[] =>
  subgraphs.map(({ name }) => {
    const file = join(root, 'subgraphs', name, 'schema.graphql');
    return { name, source: new Source(readFileSync(file, 'utf8'), relative(root, file)) };
  });

/**
 * Composes the supergraph. Addresses in it are names only: the router knows where each subgraph is.
 * @throws CompositionError
 */
export function composeSupergraph(parts: readonly ComposableSubgraph[] = readSubgraphs()): string {
  const result = composeServices(
    parts.map(({ name, source }) => ({ name, url: `http://${name}`, typeDefs: parseSource(source) })),
  );
  if (result.errors?.length) throw new CompositionError(result.errors.map(describe).join('\n'));
  if (result.supergraphSdl === undefined) throw new CompositionError('Composition gave no supergraph.');
  return result.supergraphSdl;
}

function parseSource(source: Source): DocumentNode {
  try {
    return parse(source);
  } catch (error) {
    if (error instanceof GraphQLError) throw new CompositionError(describe(error));
    throw error;
  }
}

function describe(error: GraphQLError): string {
  const loc = error.nodes?.find((node) => node.loc)?.loc;
  const source = loc?.source ?? error.source;
  const start = loc?.start ?? error.positions?.[0];
  if (!source || start === undefined) return error.message;
  const { line, column } = getLocation(source, start);
  return `${source.name}:${line}:${column} ${error.message}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const supergraphSdl = composeSupergraph();
    writeFileSync(supergraphFile, `${supergraphSdl}\n`);
    for (const [name, filter] of Object.entries(contracts)) {
      writeFileSync(contractFile(name), contractDocument(supergraphSdl, filter));
    }
  } catch (error) {
    if (!(error instanceof CompositionError || error instanceof ContractError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
