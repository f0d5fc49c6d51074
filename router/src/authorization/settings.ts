import { declaredPolicies, type PolicyEvaluator, policyDeclarationsSchema } from '@mercato/auth';
import { json } from '@mercato/environment';
import { z } from 'zod';
import type { WhenUnauthorized } from './operation-authorization.ts';

/** How the rules of the schema are enforced. */
export interface AuthorizationSettings {
  /** Whether fields that a viewer may not see are null with an error, or refuse the whole operation. */
  readonly unauthorized: WhenUnauthorized;
  /** Which policies of `@policy` hold for whom. */
  readonly policies: PolicyEvaluator;
}

export const defaultAuthorization: AuthorizationSettings = { unauthorized: 'null', policies: declaredPolicies({}) };

/** The same in the environment. */
export const authorizationEnvironment = {
  UNAUTHORIZED: z.enum(['null', 'refuse']).default('null'),
  POLICIES: json(policyDeclarationsSchema)
    .default({})
    .describe('JSON such as {"buyer": {"kinds": ["staff"], "scopes": ["orders:write"]}}'),
};
