import type { Request } from 'express';
import type { Environment } from '../../domain/tenant.js';
import type { Role } from '../../platform/store/users.js';
import { Problem } from '../problems.js';
import type { Actor, Route, TenantScope } from '../route.js';
import type { ApiServices } from '../services.js';

const rank: Readonly<Record<Role, number>> = { viewer: 1, operator: 2, admin: 3 };

/** Proves who calls and for which tenant, as far as the route demands. Throws Unauthenticated, Forbidden, TenantForbidden or TenantInactive. */
export async function authorise(
  route: Pick<Route, 'access' | 'role'>,
  request: Request,
  services: ApiServices,
): Promise<Partial<Actor & TenantScope>> {
  if (route.access === 'public') return {};
  const user = await authenticate(request, services);
  if (route.access === 'user') return { user };
  if (route.access === 'admin') {
    if (user.role !== 'admin') throw new Problem('Forbidden', { detail: 'Only administrators may do this.' });
    return { user };
  }
  const scope = await tenantScope(user, request, services);
  if (route.role !== null && rank[scope.role] < rank[route.role]) {
    throw new Problem('Forbidden', {
      detail: `Your role in this tenant is ${scope.role}; ${route.role} is needed.`,
    });
  }
  return { user, ...scope };
}

/** The token of `Authorization: Bearer …`; null when there is none. */
export const bearerToken = (request: Request): string | null =>
  /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? null;

async function authenticate(request: Request, { tokens, store }: ApiServices): Promise<Actor['user']> {
  const token = bearerToken(request);
  const claims = token === null ? null : tokens.read(token);
  const user = claims && (await store.users.get(claims.userId));
  if (!user?.active || user.tokenVersion !== claims?.tokenVersion) throw new Problem('Unauthenticated');
  return user;
}

async function tenantScope(
  user: Actor['user'],
  request: Request,
  services: ApiServices,
): Promise<TenantScope> {
  const memberships = await services.store.users.memberships(user.userId);
  const slug = namedTenant(request) ?? (memberships.length === 1 ? memberships[0]?.tenantId : undefined);
  if (slug === undefined) {
    throw new Problem('TenantForbidden', { detail: 'Name the tenant in the header X-Tenant-Id.' });
  }
  const role =
    user.role === 'admin' ? 'admin' : memberships.find((membership) => membership.tenantId === slug)?.role;
  const tenant = services.tenants.get(slug);
  // One answer for unknown and foreign: nobody learns which tenants exist.
  if (!tenant || !role) throw new Problem('TenantForbidden');
  if (!tenant.active) throw new Problem('TenantInactive');
  return { tenant, role, environment: environmentOf(request, services.config.defaultEnvironment) };
}

/** A path that names its tenant wins; a header that names another one is a mistake that must not go unseen. */
function namedTenant(request: Request): string | undefined {
  const inHeader = request.get('x-tenant-id');
  const inPath = request.params['slug'];
  if (typeof inPath !== 'string') return inHeader;
  if (inHeader !== undefined && inHeader !== inPath) {
    throw new Problem('TenantForbidden', { detail: 'The path and X-Tenant-Id name different tenants.' });
  }
  return inPath;
}

function environmentOf(request: Request, fallback: Environment): Environment {
  const named = request.get('x-environment') ?? fallback;
  if (named === 'sandbox' || named === 'production') return named;
  throw new Problem('ValidationFailed', {
    errors: [{ path: 'X-Environment', message: 'must be sandbox or production' }],
  });
}
