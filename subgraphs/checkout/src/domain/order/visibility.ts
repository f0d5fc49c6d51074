import { hasScopes, type Viewer } from '@mercato/auth';
import type { OrderTokens } from './access-token.ts';

/** Whether the viewer may read any order: whoever has the scope, and other services. A guest needs the order's token. */
export const readsOrders = (viewer: Viewer): boolean =>
  viewer.kind === 'service' || hasScopes(viewer, [['orders:read']]);

/** Whether the viewer may read this order: any order, or this one by its token. */
export const readsOrder = (
  { viewer, tokens }: { readonly viewer: Viewer; readonly tokens: OrderTokens },
  { id, accessToken }: { readonly id: string; readonly accessToken?: string | null | undefined },
): boolean => readsOrders(viewer) || (accessToken ? tokens.opens(id, accessToken) : false);
