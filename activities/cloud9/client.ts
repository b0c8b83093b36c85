import type { Cloud9Account } from '../../platform/credentials.js';
import { Cloud9Error, type Cloud9Fault } from './errors.js';
import { readEnvelope, requestDocument, type Envelope, type WireRecord } from './envelope.js';
import type { Procedure } from './procedures/procedure.js';
import { exchange, type WireAnswer } from './transport.js';

/** The two loggers that operators know; events carry fields only, never bodies. */
export interface Cloud9Loggers {
  readonly cloud9Request: { info(event: string, fields: Readonly<Record<string, unknown>>): unknown };
  readonly cloud9Response: { info(event: string, fields: Readonly<Record<string, unknown>>): unknown };
}

export interface Cloud9ClientOptions {
  readonly tenantId: string;
  readonly account: Cloud9Account;
  readonly httpMethod: 'POST' | 'GET';
  readonly loggers: Cloud9Loggers;
}

interface CallOptions {
  /** Ends the call early with the signal's reason. Do not give it to a write that was begun: the server does not stop. */
  readonly signal?: AbortSignal;
  /** Instead of the procedure's own deadline. */
  readonly timeoutMs?: number;
}

export interface Cloud9Client {
  /** One exchange: no retry, no limiter. Fails with `Cloud9Error`, or with the reason of the caller's own signal. */
  call<Input, Output>(
    procedure: Procedure<Input, Output>,
    input: Input,
    options?: CallOptions,
  ): Promise<Output>;
}

const throttleWords = /too many requests|rate limit/i;

/** Codes of cloud9.md 4.1; sentences vary, so the code decides and words are asked only where it says nothing. */
function faultOfCode(code: number | null, message: string): Cloud9Fault {
  switch (code) {
    case 1:
    case 6:
      return { kind: 'auth', code };
    case 2:
    case 3:
      return { kind: 'badRequest', code };
    case 7:
      return { kind: 'outsideWindow' };
    case 8:
      return { kind: 'throttled', waitMs: null };
    case 10:
      return { kind: 'notAuthorised' };
    case null:
    default:
      return throttleWords.test(message)
        ? { kind: 'throttled', waitMs: null }
        : { kind: 'unavailable', why: 'unknownCode' };
  }
}

function faultOfEnvelope(
  envelope: Exclude<Envelope, { kind: 'success' }>,
  status: number,
  effect: 'read' | 'write',
): Cloud9Fault {
  switch (envelope.kind) {
    case 'error':
      return faultOfCode(envelope.code, envelope.message);
    case 'empty':
      if (status >= 300) return { kind: 'unavailable', why: 'gateway' };
      // An empty body on a read is how throttling also looks (cloud9.md 4.3); on a write it says nothing at all.
      return effect === 'read' ? { kind: 'throttled', waitMs: null } : { kind: 'malformed', why: 'empty' };
    case 'unreadable':
      return status >= 300
        ? { kind: 'unavailable', why: 'gateway' }
        : { kind: 'malformed', why: envelope.why };
  }
}

/** Speaks the protocol of cloud9.md for one account. */
export function createCloud9Client({
  tenantId,
  account,
  httpMethod,
  loggers,
}: Cloud9ClientOptions): Cloud9Client {
  async function answerOf(
    procedure: Procedure<never, unknown>,
    body: string,
    options: CallOptions,
  ): Promise<WireAnswer> {
    const deadline = AbortSignal.timeout(options.timeoutMs ?? procedure.timeoutMs);
    const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
    try {
      return await exchange({ endpoint: account.endpoint, method: httpMethod, body, signal });
    } catch {
      // The socket's own error is dropped on purpose: causes travel into histories.
      options.signal?.throwIfAborted();
      throw new Cloud9Error(procedure.name, {
        kind: 'unavailable',
        why: deadline.aborted ? 'deadline' : 'network',
      });
    }
  }

  async function records(
    procedure: Procedure<never, unknown>,
    body: string,
    options: CallOptions,
  ): Promise<readonly WireRecord[]> {
    const answer = await answerOf(procedure, body, options);
    const envelope = readEnvelope(answer.body);
    if (envelope.kind === 'success') return envelope.records;
    throw new Cloud9Error(procedure.name, faultOfEnvelope(envelope, answer.status, procedure.effect));
  }

  return {
    async call(procedure, input, options = {}) {
      options.signal?.throwIfAborted();
      const body = requestDocument(
        { clientId: account.clientId, userName: account.userName, password: account.password.reveal() },
        procedure.name,
        procedure.parameters(input),
      );
      const about = { procedure: procedure.name, tenantId };
      const startedAt = performance.now();
      loggers.cloud9Request.info('cloud9 request', about);
      let outcome = 'cancelled';
      try {
        const output = procedure.parse(await records(procedure, body, options), input);
        outcome = 'ok';
        return output;
      } catch (error) {
        const told = error instanceof Cloud9Error ? inContext(procedure, error) : error;
        if (told instanceof Cloud9Error) outcome = told.fault.kind;
        throw told;
      } finally {
        const latencyMs = Math.round(performance.now() - startedAt);
        loggers.cloud9Response.info('cloud9 response', { ...about, latencyMs, outcome });
      }
    },
  };
}

/** A read of one record answers an unknown GUID with code 3 or with no record (cloud9.md 3.2): both are "not found". */
const inContext = (procedure: Procedure<never, unknown>, error: Cloud9Error): Cloud9Error =>
  procedure.badParameterMeans === 'notFound' && error.fault.kind === 'badRequest' && error.fault.code === 3
    ? new Cloud9Error(procedure.name, { kind: 'notFound' })
    : error;
