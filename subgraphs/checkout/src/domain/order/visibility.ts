import { hasScopes, type Viewer } from '@mercato/auth';

/** Whether the viewer may read any order: whoever has the scope, and other services. A guest needs the order's token. */
export const readsOrders = (viewer: Viewer): boolean =>
  viewer.kind === 'service' || hasScopes(viewer, [['orders:read']]);
