import type { Viewer } from '@mercato/auth';
import type { AuthorizationSettings } from '../authorization/settings.ts';
import { authorizeOperation } from '../operations/authorize-operation.ts';
import type { Operation } from '../operations/operation.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const scope = 'plans:read';

/** Headers that ask for the plan, and where in `extensions` it is then told: the second is that of Apollo's explorers. */
const asking = [
  { header: 'x-mercato-query-plan', extension: 'queryPlan' },
  { header: 'apollo-query-plan-experimental', extension: '__queryPlanExperimental' },
] as const;

/** Under which name staff who may see query plans ask for one; undefined for all others, who learn nothing. */
export function planAskedFor(headers: Headers, { kind, scopes }: Viewer): string | undefined {
  if (kind !== 'staff' || !scopes.includes(scope)) return undefined;
  return asking.find(({ header }) => headers[header] !== undefined && headers[header] !== 'false')?.extension;
}

/** The plan that is run for this viewer, as people read it. It is made anew, away from the thread that answers. */
export async function describePlan(
  operation: Operation,
  variables: Readonly<Record<string, unknown>>,
  viewer: Viewer,
  authorization: AuthorizationSettings,
): Promise<string> {
  operation.graph.enter();
  try {
    const { part } = await authorizeOperation(operation, operation.conditions(variables), viewer, authorization);
    return await part.describePlan();
  } finally {
    operation.graph.leave();
  }
}
