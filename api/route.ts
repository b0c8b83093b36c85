import type { Request } from 'express';
import type { z } from 'zod';
import type { FailureType } from '../domain/failures.js';
import type { Environment, Tenant } from '../domain/tenant.js';
import type { Role, User } from '../platform/store/users.js';
import type { ApiServices } from './services.js';

type Shape = z.ZodObject;
type Parsed<S> = S extends z.ZodType ? z.output<S> : Record<never, never>;

/** Somebody with a valid token. */
export interface Actor {
  readonly user: User;
}

/** The tenant that a request is about, decided by token and header only (DESIGN rule 1). */
export interface TenantScope {
  readonly tenant: Tenant;
  readonly environment: Environment;
  readonly role: Role;
}

/** What a handler gets: parsed input and proven identity. */
export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly ip: string;
  readonly correlationId: string;
  /** Makes every later log line of the request carry this id (a workflow id). */
  correlate(id: string): void;
  readonly request: Request;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

interface Common<P extends Shape | undefined, Q extends Shape | undefined, B extends z.ZodType | undefined> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** OpenAPI form: `/api/things/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Answers by status; undefined = no body. */
  readonly answers: Readonly<Record<number, z.ZodType | undefined>>;
  /** Failures besides those of authentication and validation. */
  readonly failures?: readonly FailureType[];
}

type Handle<Scope, P, Q, B> = (
  call: Call<Parsed<P>, Parsed<Q>, Parsed<B>> & Scope,
  services: ApiServices,
) => Promise<Answer>;

/** A route as the app mounts it: one declaration feeds validation, authorisation, the handler's types and OpenAPI. */
export interface Route extends Common<Shape | undefined, Shape | undefined, z.ZodType | undefined> {
  readonly access: 'public' | 'user' | 'admin' | 'tenant';
  /** Least role within the tenant; for `tenant` access only. */
  readonly role: Role | null;
  readonly handle: (
    call: Call<unknown, unknown, unknown> & Partial<Actor & TenantScope>,
    services: ApiServices,
  ) => Promise<Answer>;
}

type Spec<
  Scope,
  P extends Shape | undefined,
  Q extends Shape | undefined,
  B extends z.ZodType | undefined,
> = Common<P, Q, B> & {
  readonly handle: Handle<Scope, P, Q, B>;
};

/** Anybody may call it. */
export const publicRoute = <
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  spec: Spec<unknown, P, Q, B>,
): Route => ({ ...erase(spec), access: 'public', role: null });

/** Anybody with a valid token. */
export const userRoute = <
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  spec: Spec<Actor, P, Q, B>,
): Route => ({ ...erase(spec), access: 'user', role: null });

/** Administrators of the installation. */
export const adminRoute = <
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  spec: Spec<Actor, P, Q, B>,
): Route => ({ ...erase(spec), access: 'admin', role: null });

/** Members of the request's tenant with at least this role. */
export const tenantRoute = <
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  spec: Spec<Actor & TenantScope, P, Q, B> & { readonly role: Role },
): Route => ({ ...erase(spec), access: 'tenant', role: spec.role });

/** The app calls `handle` only after it has parsed the input with the same schemas and proven the same scope. */
function erase<
  Scope,
  P extends Shape | undefined,
  Q extends Shape | undefined,
  B extends z.ZodType | undefined,
>(
  spec: Spec<Scope, P, Q, B>,
): Common<Shape | undefined, Shape | undefined, z.ZodType | undefined> & Pick<Route, 'handle'> {
  return spec as unknown as Common<Shape | undefined, Shape | undefined, z.ZodType | undefined> &
    Pick<Route, 'handle'>;
}
