import { z } from 'zod';
import { hasScopes, type RequiredScopes, type Viewer } from './viewer.ts';

/** Which of the policies, named by `@policy`, hold for a viewer. Those that it does not return do not. */
export type PolicyEvaluator = (
  viewer: Viewer,
  policies: readonly string[],
) => ReadonlySet<string> | Promise<ReadonlySet<string>>;

const declaration = z
  .strictObject({
    kinds: z
      .array(z.enum(['guest', 'customer', 'staff', 'partner', 'service']))
      .min(1)
      .optional(),
    scopes: z.array(z.string().min(1)).min(1).optional(),
  })
  .refine(
    ({ kinds, scopes }) => kinds ?? scopes,
    'needs "kinds" or "scopes": a policy without either holds for everyone',
  );

/** Policies by name, such as `{ "ownWarehouse": { "kinds": ["staff"], "scopes": ["inventory:read"] } }`. */
export const policyDeclarationsSchema = z.record(z.string(), declaration);

export type PolicyDeclarations = z.infer<typeof policyDeclarationsSchema>;

/** A policy holds for viewers of one of its kinds who hold all of its scopes; one that is not declared for nobody. */
export const declaredPolicies =
  (declarations: PolicyDeclarations): PolicyEvaluator =>
  (viewer, policies) =>
    new Set(
      policies.filter((name) => {
        const declared = Object.hasOwn(declarations, name) ? declarations[name] : undefined;
        if (!declared) return false;
        const { kinds = [viewer.kind], scopes = [] } = declared;
        return kinds.includes(viewer.kind) && hasScopes(viewer, [scopes]);
      }),
    );

/** What a viewer for whom the policies do not hold is told: any of these sets is needed, all of it. */
export const policiesNeeded = (required: RequiredScopes): string =>
  `This needs the policy ${required.map((all) => all.join(' and ')).join(', or ')}.`;
