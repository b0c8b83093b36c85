import { setTimeout as sleep } from 'node:timers/promises';
import { daysBetween } from './calendar.js';
import type { Fault, FaultAt } from './faults.js';
import { workMs } from './latency.js';
import { InvalidValue, readParameters } from './parameters.js';
import type { PracticeRecords } from './practice-records.js';
import { catalogue } from './procedures/catalogue.js';
import { invalidParameter, refused, type Answer, type Procedure } from './procedures/procedure.js';
import type { RequestEnvelope } from './request-envelope.js';
import { fill, type Texts } from './texts.js';
import { readDateTime } from './wire-format.js';
import type { World } from './world.js';

/** An answer, and the execution fault that is to spoil it on its way out. */
export interface Executed {
  readonly answer: Answer;
  readonly fault: FaultAt<'execution'> | undefined;
}

/**
 * Runs one call in the check order of cloud9.md 7.1: credentials, procedure allowed, window, throttle, missing parameter, malformed GUID,
 * then the procedure's own checks. Nothing changes before all of the first six have passed.
 */
export async function execute(world: World, request: RequestEnvelope): Promise<Executed> {
  const admitted = admit(world, request);
  if ('kind' in admitted) {
    // Throttled answers come back in about 0.1 s (cloud9.md 4.3).
    if (admitted.kind === 'error' && admitted.code === 8) await sleep(world.knobs.throttle.answerAfterMs);
    return { answer: admitted, fault: undefined };
  }
  const { procedure, records } = admitted;
  const fault = world.faults.strike('execution', callOf(request));
  if (fault?.kind === 'error') return { answer: orderedAnswer(fault, world.knobs.texts), fault };
  if (fault !== undefined && !fault.commit) {
    return { answer: { kind: 'error', code: 0, message: world.knobs.texts.unknownError }, fault };
  }
  const working = workMs(procedure.name, rangeDays(request), world.knobs.latency);
  if (working > 0) await sleep(working);
  return { answer: run(world, procedure, records, request), fault };
}

/** Budgets, faults and databases go by the ClientID in lower case. */
export const callOf = (
  request: RequestEnvelope,
): { readonly clientId: string; readonly procedure: string } => ({
  clientId: request.clientId.toLowerCase(),
  procedure: request.procedure,
});

function admit(
  world: World,
  request: RequestEnvelope,
): Answer | { readonly procedure: Procedure; readonly records: PracticeRecords } {
  const { knobs } = world;
  const { texts } = knobs;
  const call = callOf(request);
  const error = (code: number, text: string): Answer => ({
    kind: 'error',
    code,
    message: fill(text, { procedure: request.procedure }),
  });
  const user = world.users.find(
    (one) => one.userName === request.userName && one.password === request.password,
  );
  const records = world.practices.get(call.clientId);
  if (user === undefined || records === undefined) return error(1, texts.badCredentials);
  if (!user.clientIds.includes(call.clientId)) return error(6, texts.foreignClient);

  const procedure = catalogue.get(request.procedure);
  if (procedure === undefined || knobs.unauthorizedProcedures.includes(request.procedure)) {
    return error(knobs.notAuthorizedCode, texts.notAuthorized);
  }
  const fault = world.faults.strike('admission', call);
  if (fault?.kind === 'windowClosed' || !insideWindow(world, request.procedure))
    return error(7, texts.outsideWindow);
  if (fault?.kind === 'throttle' || !world.throttle.admit(call, knobs.throttle))
    return error(8, texts.throttled);
  return { procedure, records };
}

function insideWindow({ knobs: { window }, clock }: World, procedure: string): boolean {
  if (!window.enabled || window.exempt.includes(procedure)) return true;
  const now = new Date(clock.nowMs()).toISOString().slice(11, 16);
  return window.fromUtc <= window.toUtc
    ? now >= window.fromUtc && now < window.toUtc
    : now >= window.fromUtc || now < window.toUtc;
}

function run(world: World, procedure: Procedure, records: PracticeRecords, request: RequestEnvelope): Answer {
  const { knobs, clock } = world;
  const read = readParameters(request.parameters, procedure, knobs);
  for (const warning of read.warnings) world.calls.warn(procedure.name, warning);
  if (!read.ok)
    return {
      kind: 'error',
      code: 2,
      message: fill(knobs.texts.missingParameter, { parameter: read.missing }),
    };
  const { parameters } = read;
  try {
    for (const name of procedure.guids) if (parameters.has(name)) parameters.guid(name);
    return procedure.run({
      records,
      seen: records.seen(knobs.readAfterWriteLagMs),
      parameters,
      knobs,
      clock,
    });
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    return procedure.invalidValues?.(knobs) === 'result'
      ? refused(`Error: ${fill(knobs.texts.invalidParameter, { parameter: error.parameter })}`)
      : invalidParameter(knobs, error.parameter);
  }
}

function orderedAnswer(fault: Fault, texts: Texts): Answer {
  if (fault.result !== undefined) return refused(fault.result);
  return { kind: 'error', code: fault.code ?? 0, message: fault.message ?? texts.unknownError };
}

function rangeDays({ parameters }: RequestEnvelope): number {
  const from = readDateTime(parameters.get('startDate') ?? '');
  const to = readDateTime(parameters.get('endDate') ?? '');
  return from === undefined || to === undefined ? 0 : Math.max(0, daysBetween(from.date, to.date));
}
