import { setTimeout as sleep } from 'node:timers/promises';
import { callOf, execute } from './execution.js';
import type { FaultAt } from './faults.js';
import type { HttpExchange } from './http-exchange.js';
import { catalogue } from './procedures/catalogue.js';
import type { Answer } from './procedures/procedure.js';
import { readRequest, type RequestEnvelope } from './request-envelope.js';
import { errorEnvelope, successEnvelope } from './response-envelope.js';
import type { World } from './world.js';

/** `/GetData.ashx`: reads the envelope, lets faults strike, runs the procedure, notes writes, answers. */
export async function answerData(world: World, exchange: HttpExchange): Promise<void> {
  if (exchange.request.method === 'GET' && !world.knobs.acceptGet)
    return exchange.page(405, 'Method Not Allowed');
  const body = await exchange.body();
  if (body === undefined) return exchange.page(413, 'Request Entity Too Large');
  const request = readRequest(body, world.knobs);
  if (request === undefined) {
    return respond(world, exchange, { kind: 'error', code: 0, message: world.knobs.texts.unknownError });
  }
  const { clientId, procedure } = callOf(request);
  const finish = world.calls.begin(clientId, procedure);
  let outcome = 'failed';
  try {
    outcome =
      (await struckAtTheDoor(world, exchange, request)) ?? (await runAndAnswer(world, exchange, request));
  } finally {
    finish(outcome);
  }
}

/** Faults that strike before anybody looks at the request; gives what they made of it, or undefined when it goes on. */
async function struckAtTheDoor(
  world: World,
  exchange: HttpExchange,
  request: RequestEnvelope,
): Promise<string | undefined> {
  const fault = world.faults.strike('door', callOf(request));
  if (fault === undefined) return undefined;
  const lost = async (outcome: string): Promise<string> => {
    await record(world, request, { outcome, committed: false, guid: null, fault: fault.kind });
    return outcome;
  };
  switch (fault.kind) {
    case 'delay':
      // The request goes on even when the client has given up: that is how a late commit comes about.
      await sleep(fault.delayMs);
      return undefined;
    case 'hang':
      if ((await world.faults.hang(exchange.gone)) === 'released') return undefined;
      return lost('hung until the client left');
    case 'drop': {
      const outcome = await lost('dropped before commit');
      exchange.drop();
      return outcome;
    }
    case '502': {
      const outcome = await lost('502 before commit');
      await exchange.page(502, 'Bad Gateway');
      return outcome;
    }
  }
}

async function runAndAnswer(world: World, exchange: HttpExchange, request: RequestEnvelope): Promise<string> {
  const { answer, fault } = await execute(world, request);
  const written = answer.kind === 'result' ? answer : { committed: false, guid: null };
  await record(world, request, {
    outcome: describe(answer),
    committed: written.committed,
    guid: written.guid,
    fault: fault?.kind ?? null,
  });
  if (fault !== undefined) return spoil(world, exchange, answer, fault);
  await respond(world, exchange, answer);
  return answer.kind === 'error' ? `Error ${answer.code}` : 'Success';
}

/** What becomes of an answer on its way out (cloud9.md 7.1, quirk 16). */
async function spoil(
  world: World,
  exchange: HttpExchange,
  answer: Answer,
  fault: FaultAt<'execution'>,
): Promise<string> {
  const xml = envelope(world, answer);
  switch (fault.kind) {
    case 'commitThenDrop':
      exchange.drop();
      break;
    case 'commitThen502':
      await exchange.page(502, 'Bad Gateway');
      break;
    case 'commitThenHang':
      if ((await world.faults.hang(exchange.gone)) === 'released') await exchange.xml(xml);
      break;
    case 'truncated':
      await exchange.xml(xml.slice(0, Math.floor(xml.length * 0.6)));
      break;
    case 'empty':
      await exchange.xml('');
      break;
    case 'malformed':
      await exchange.xml(xml.replace('</ResponseStatus>', '</ResponseState>'));
      break;
    case 'error':
      await respond(world, exchange, answer);
      return fault.code === undefined ? 'Success' : `Error ${fault.code}`;
  }
  return fault.kind;
}

/** Writes go into the ledger and, with it, into the state file before anything is answered. */
async function record(
  world: World,
  request: RequestEnvelope,
  result: { outcome: string; committed: boolean; guid: string | null; fault: string | null },
): Promise<void> {
  if (catalogue.get(request.procedure)?.kind !== 'write') return;
  world.record({ ...callOf(request), parameters: Object.fromEntries(request.parameters), ...result });
  await world.persist();
}

const describe = (answer: Answer): string => {
  if (answer.kind === 'error') return `Error ${answer.code}: ${answer.message}`;
  return answer.kind === 'result' ? answer.text : 'records';
};

async function respond(world: World, exchange: HttpExchange, answer: Answer): Promise<void> {
  const status = answer.kind === 'error' ? world.knobs.errorEnvelopeHttpStatus : 200;
  await exchange.xml(envelope(world, answer), status);
}

function envelope({ knobs }: World, answer: Answer): string {
  if (answer.kind === 'error') return errorEnvelope(answer.code, answer.message);
  const records = answer.kind === 'records' ? answer.records : [[['Result', answer.text] as const]];
  return successEnvelope(records, knobs);
}
