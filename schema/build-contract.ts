import { errorCauses, Supergraph } from '@apollo/federation-internals';
import { type GraphQLSchema, printSchema, validateSchema } from 'graphql';
import { ContractError, type ContractFilter, markContract } from './contract.ts';
import { stripAuth } from './strip-auth.ts';

/**
 * A contract that has a valid API schema, as a supergraph.
 * @throws ContractError
 */
export function buildContract(supergraphSdl: string, filter: ContractFilter): string {
  const contract = markContract(supergraphSdl, filter);
  const problems = problemsOf(contract);
  if (problems.length > 0) throw new ContractError(problems.join('\n'));
  return contract;
}

/**
 * What clients of a contract see.
 * @throws ContractError
 */
export const contractDocument = (supergraphSdl: string, filter: ContractFilter): string =>
  `${printSchema(apiSchemaOf(buildContract(supergraphSdl, filter)))}\n`;

/** What keeps it from having a valid API schema, such as a visible field of a type that is left out. */
function problemsOf(supergraphSdl: string): string[] {
  try {
    return validateSchema(apiSchemaOf(supergraphSdl)).map(({ message }) => message);
  } catch (error) {
    const causes = error instanceof Error ? errorCauses(error) : undefined;
    if (!causes) throw error;
    return causes.map(({ message }) => message);
  }
}

/** What clients of a supergraph see. */
export const apiSchemaOf = (supergraphSdl: string): GraphQLSchema =>
  Supergraph.build(stripAuth(supergraphSdl)).apiSchema().toGraphQLJSSchema();
