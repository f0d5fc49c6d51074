import { ContractError, type ContractFilter, markContract } from '@mercato/schema/contract';
import { RouterSetupError } from '../setup-error.ts';

/** One face of the graph: what is served at an address. */
export interface Variant {
  /** Such as `/graphql` or `/partner/graphql`. */
  readonly path: string;
  readonly supergraphSdl: string;
}

/**
 * The whole graph and its contracts, each with the address it is served at.
 * @throws RouterSetupError for a contract that cannot be made of this graph
 */
export const variantsOf = (
  supergraphSdl: string,
  contracts: Readonly<Record<string, ContractFilter>> = {},
): readonly Variant[] => [
  { path: '/graphql', supergraphSdl },
  ...Object.entries(contracts).map(([name, filter]) => ({
    path: `/${name}/graphql`,
    supergraphSdl: contractOf(name, supergraphSdl, filter),
  })),
];

function contractOf(name: string, supergraphSdl: string, filter: ContractFilter): string {
  try {
    return markContract(supergraphSdl, filter);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    throw new RouterSetupError(
      `The contract ${name} cannot be served: ${error.message} CONTRACTS sets others; {} is none.`,
    );
  }
}
