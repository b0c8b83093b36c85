import type { z } from 'zod';
import type { FailureType } from '../domain/failures.js';
import type { Environment, Tenant } from '../domain/tenant.js';
import type { Role, User } from '../platform/store/users.js';
import type { StreamItem } from './events/event-stream.js';
import type { ApiServices } from './services.js';

type Shape = z.ZodObject;
type Parsed<S> = S extends z.ZodType ? z.output<S> : unknown;

/** Somebody with a valid token. */
export interface Actor {
  readonly user: User;
}

/** The tenant that a request is about, decided by token, header and path only (docs/architecture.md, "Rules"). */
export interface TenantScope {
  readonly tenant: Tenant;
  readonly environment: Environment;
  readonly role: Role;
}

/** Where a request came from, for audit rows and log lines. */
export interface Origin {
  readonly ip: string;
  readonly correlationId: string;
}

/** What a handler gets: parsed input and proven identity. */
interface Call<Params, Query, Body, Headers> extends Origin {
  readonly params: Params;
  /** Request headers that the route names, in lower case. */
  readonly headers: Headers;
  readonly query: Query;
  readonly body: Body;
  /** Makes every later log line of the request carry this id (a workflow id). */
  readonly correlate: (id: string) => void;
}

/** Answers by status; undefined = no body. */
type Answers = Readonly<Record<number, z.ZodType | undefined>>;

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/** One of the declared answers: its status and a body that fits the schema of that status. */
type AnswerOf<A extends Answers> = {
  [Status in keyof A & number]: A[Status] extends z.ZodType
    ? { readonly status: Status; readonly body: Frozen<z.input<A[Status]>> }
    : { readonly status: Status };
}[keyof A & number];

interface Common<P, Q, B, A, H> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** OpenAPI form: `/api/things/{id}`. A `{slug}` in the path of a tenant route names the tenant. */
  readonly path: string;
  readonly summary: string;
  readonly params?: P;
  readonly headers?: H;
  readonly query?: Q;
  readonly body?: B;
  /** Largest body, where the usual limit is too small. Such a body is read only after its sender was authorised. */
  readonly bodyLimit?: string;
  readonly answers: A;
  /** Name of the answer's list that `format=csv` in the query gives as a file. */
  readonly csv?: string;
  /** Failures besides those of authentication and validation. */
  readonly failures?: readonly FailureType[];
}

/** A route as the app mounts it: one declaration feeds validation, authorisation, the handler's types and OpenAPI. */
export interface Route extends Common<
  Shape | undefined,
  Shape | undefined,
  z.ZodType | undefined,
  Answers,
  Shape | undefined
> {
  readonly access: 'public' | 'user' | 'admin' | 'tenant';
  /** Least role within the tenant; for `tenant` access only. */
  readonly role: Role | null;
  /** Answers with server-sent events instead of JSON. */
  readonly stream?: true;
  readonly handle: (
    call: Call<unknown, unknown, unknown, unknown> & Partial<Actor & TenantScope> & StreamScope,
    services: ApiServices,
  ) => Promise<{ readonly status: number; readonly body?: unknown } | AsyncIterable<StreamItem>>;
}

/** What a stream knows of its reader. */
interface StreamScope {
  /** Id of the last event that the reader has. */
  readonly lastEventId: string | undefined;
  /** Aborted when the reader is gone. */
  readonly gone: AbortSignal;
}

/** What a route file writes. `Scope` is what its access proves, so that no handler can touch a tenant that was not checked. */
type Spec<
  Scope,
  P extends Shape | undefined,
  Q extends Shape | undefined,
  B extends z.ZodType | undefined,
  A extends Answers,
  H extends Shape | undefined,
> = Common<P, Q, B, A, H> & {
  readonly handle: (
    call: Call<Parsed<P>, Parsed<Q>, Parsed<B>, Parsed<H>> & Scope,
    services: ApiServices,
  ) => Promise<AnswerOf<NoInfer<A>>>;
};

/** Anybody may call it. */
export const publicRoute = <
  A extends Answers,
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  spec: Spec<unknown, P, Q, B, A, undefined>,
): Route => ({ ...erase(spec), access: 'public', role: null });

/** Anybody with a valid token. */
export const userRoute = <
  A extends Answers,
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  spec: Spec<Actor, P, Q, B, A, undefined>,
): Route => ({ ...erase(spec), access: 'user', role: null });

/** Administrators of the installation. */
export const adminRoute = <
  A extends Answers,
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  spec: Spec<Actor, P, Q, B, A, undefined>,
): Route => ({ ...erase(spec), access: 'admin', role: null });

/** Members of the request's tenant with at least this role. */
export const tenantRoute = <
  A extends Answers,
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  H extends Shape | undefined = undefined,
>(
  spec: Spec<Actor & TenantScope, P, Q, B, A, H> & { readonly role: Role },
): Route => ({ ...erase(spec), access: 'tenant', role: spec.role });

/** The same for a route that answers with server-sent events. */
export const tenantStream = <
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
>(
  spec: Common<P, Q, undefined, Answers, undefined> & {
    readonly role: Role;
    readonly handle: (
      call: Call<Parsed<P>, Parsed<Q>, unknown, unknown> & Actor & TenantScope & StreamScope,
      services: ApiServices,
    ) => Promise<AsyncIterable<StreamItem>>;
  },
): Route => ({ ...erase(spec), access: 'tenant', role: spec.role, stream: true });

/** The app calls `handle` only after it has parsed the input with the same schemas and proven the same scope. */
const erase = (spec: unknown): Omit<Route, 'access' | 'role'> => spec as Omit<Route, 'access' | 'role'>;
