import type { Viewer } from '@mercato/auth';
import type { GraphQLError } from 'graphql';
import type { OperationAuthorization } from '../authorization/operation-authorization.ts';
import type { AuthorizationSettings } from '../authorization/settings.ts';
import type { Data } from '../execution/data.ts';
import type { Operation } from './operation.ts';
import type { OperationPart } from './operation-part.ts';
import { RequestError } from './request-error.ts';

/** What a viewer gets of an operation. */
export interface AuthorizedOperation {
  readonly part: OperationPart;
  /** One for each place of the answer that is null because the viewer may not see it. */
  readonly errors: readonly GraphQLError[];
}

/**
 * Holds an operation against the rules of the schema. A subscription may be asked again at each event: another part, or
 * an error, means that the viewer's rights have changed.
 *
 * @param conditions see `Operation.conditions`
 * @throws RequestError when nothing of it is to be run, by its promise where policies are decided elsewhere
 */
export function authorizeOperation(
  operation: Operation,
  conditions: Readonly<Data>,
  viewer: Viewer,
  { policies, unauthorized }: AuthorizationSettings,
): AuthorizedOperation | Promise<AuthorizedOperation> {
  const { authorization } = operation;
  if (!authorization) return { part: operation.whole, errors: none };
  const decide = (granted?: ReadonlySet<string>) =>
    outcomeOf(operation, authorization.authorize(viewer, conditions, granted, unauthorized));
  if (authorization.policies.length === 0) return decide();
  const granted = policies(viewer, authorization.policies);
  return granted instanceof Promise ? granted.then(decide) : decide(granted);
}

function outcomeOf(
  operation: Operation,
  authorization: ReturnType<OperationAuthorization['authorize']>,
): AuthorizedOperation {
  switch (authorization.kind) {
    case 'allowed':
      return { part: operation.whole, errors: none };
    case 'partly':
      return { part: operation.partOf(authorization.part), errors: authorization.errors };
    case 'refused':
      throw new RequestError(authorization.errors);
  }
}

const none: readonly GraphQLError[] = [];
