import type { FastifyRequest } from 'fastify';
import type { Identity } from '../identity/identity.ts';

export interface DashboardGuard {
  readonly identity: Identity;
  /** Whether browsers on this machine need no token. */
  readonly open: boolean;
}

export type Verdict =
  | { readonly kind: 'enter' }
  | { readonly kind: 'ask'; readonly reason: string }
  | { readonly kind: 'refuse'; readonly reason: string };

const scope = 'queues:admin';

/**
 * Staff with the scope `queues:admin` may enter: the token as a bearer, or as the password of the browser's own login
 * (any user name). Where it is open, this machine may enter too.
 */
export async function mayEnterDashboard(request: FastifyRequest, { identity, open }: DashboardGuard): Promise<Verdict> {
  if (comesFromAnotherPage(request))
    return { kind: 'refuse', reason: 'Pages of other sites may not use the dashboard.' };
  if (open && comesFromThisMachine(request)) return { kind: 'enter' };

  const authorization = asBearer(request.headers.authorization);
  const howTo = `The dashboard wants a staff token with the scope ${scope} as the password: npm run -s token -- --scope ${scope}`;
  if (!authorization) return { kind: 'ask', reason: howTo };
  try {
    const { kind, scopes } = await identity.identify(authorization);
    return kind === 'staff' && scopes.includes(scope) ? { kind: 'enter' } : { kind: 'ask', reason: howTo };
  } catch (error) {
    return { kind: 'ask', reason: error instanceof Error ? error.message : howTo };
  }
}

/** Browsers keep the login and would send it along with what any other page asks for. */
function comesFromAnotherPage({ method, headers }: FastifyRequest): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return headers.origin !== undefined && hostOf(headers.origin) !== headers.host;
}

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);

const loopbackAddress = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const loopbackHost = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;

/**
 * The connection alone does not tell: a proxy on this machine connects from here too, and a page whose name was made
 * to resolve to this machine still sends its own name as the host.
 */
export const comesFromThisMachine = ({ socket, headers }: FastifyRequest): boolean =>
  loopbackAddress.test(socket.remoteAddress ?? '') &&
  loopbackHost.test(headers.host ?? '') &&
  headers['x-forwarded-for'] === undefined &&
  headers.forwarded === undefined;

function asBearer(authorization: string | undefined): string | undefined {
  const basic = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (!basic) return authorization;
  const password = Buffer.from(basic, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
  return `Bearer ${password}`;
}
