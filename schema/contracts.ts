import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContractFilter } from './contract.ts';

/** The variants of the graph, by name: each is served at `/<name>/graphql`. */
export const contracts: Readonly<Record<string, ContractFilter>> = {
  partner: { include: ['partner'] },
};

const here = dirname(fileURLToPath(import.meta.url));

/** Where a contract's API schema lives; committed, so that what its clients begin or cease to see is seen in review. */
export const contractFile = (name: string): string => join(here, 'contracts', `${name}.graphql`);
