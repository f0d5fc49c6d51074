import { GraphQLError } from 'graphql';

export type ViewerKind = 'guest' | 'customer' | 'staff' | 'partner' | 'service';

/** On whose behalf a subgraph is asked. */
export interface Viewer {
  readonly kind: ViewerKind;
  /** Customer, staff or partner id, or the name of the service; null for a guest. */
  readonly id: string | null;
  /** What the viewer may do, such as `inventory:write`. A service holds `service:<its name>`. */
  readonly scopes: readonly string[];
}

export const guest: Viewer = { kind: 'guest', id: null, scopes: [] };

/** Any of these sets, all scopes of it: the argument of `@requiresScopes`. */
export type RequiredScopes = readonly (readonly string[])[];

export const hasScopes = (viewer: Viewer, required: RequiredScopes): boolean =>
  required.some((all) => all.every((scope) => viewer.scopes.includes(scope)));

/** Whether the call comes from the subgraph or worker of this name. */
export const isService = (viewer: Viewer, name: string): boolean => viewer.kind === 'service' && viewer.id === name;

export const unauthenticated = (message = 'Sign in to do this.'): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED' } });

export const forbidden = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });

/** What a viewer without the scopes is told. */
export const scopesNeeded = (required: RequiredScopes): string =>
  `This needs the scope ${required.map((all) => all.join(' and ')).join(', or ')}.`;

/** @throws GraphQLError UNAUTHENTICATED for a guest, FORBIDDEN for others without the scopes. */
export function requireScopes(viewer: Viewer, required: RequiredScopes): void {
  if (hasScopes(viewer, required)) return;
  if (viewer.kind === 'guest') throw unauthenticated();
  throw forbidden(scopesNeeded(required));
}
