import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { administer } from './admin/admin-door.js';
import type { Answer } from './answer.js';
import { answerApi } from './data-door.js';
import { answerOf, type Fault } from './faults.js';
import { tooMany } from './rate-limits.js';
import { writeReply } from './reply-writer.js';
import { recordedProject, Simulation, type ProjectSetup } from './simulation.js';
import { samplePractices } from './traffic/practices.js';
import { seedTraffic } from './traffic/traffic.js';
import { changeSwitches, type Switches } from './switches.js';

export interface LangfuseSimulatorOptions {
  /** 0 or absent = a free one. */
  readonly port?: number;
  /** Loopback unless said otherwise. */
  readonly host?: string;
  /** Absent = the one project of the recordings. */
  readonly projects?: readonly ProjectSetup[];
  readonly switches?: Partial<Switches>;
  /** Adds the sample practices with three months of traffic. */
  readonly traffic?: boolean;
}

export interface LangfuseSimulator {
  /** The base that clients are given; the API is `/api/public/...`, the admin door `/admin/...` of it. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A batch may have 4.5 MB and an OTLP export 16; what is longer is not read on. */
const longestBody = 32 * 1024 * 1024;

/** A Langfuse 4.16 double (langfuse.md 14). Nothing survives a restart. Rejects when the port is taken. */
export async function startLangfuseSimulator(
  options: LangfuseSimulatorOptions = {},
): Promise<LangfuseSimulator> {
  const simulation = new Simulation();
  for (const project of options.projects ?? [recordedProject]) simulation.addProject(project);
  if (options.traffic === true)
    for (const practice of samplePractices)
      seedTraffic(simulation.addProject(practice.project).store, practice, simulation.clock.nowMs());
  simulation.switches = changeSwitches(simulation.switches, options.switches ?? {});
  const host = options.host ?? '127.0.0.1';
  const server = createServer((request, response) => {
    route(simulation, request, response).catch((error: unknown) => {
      // A defect of the double must not look like an answer of Langfuse.
      process.stderr.write(
        `langfuse simulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      response.destroy();
    });
  });
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator has no port.');
  return {
    url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${address.port}`,
    port: address.port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const apiPath = '/api/public';

async function route(
  simulation: Simulation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const method = request.method ?? '';
  const body = await readBody(request);
  if (body === null) {
    response.writeHead(413).end();
    return;
  }
  if (url.pathname.startsWith('/admin/')) {
    administer(simulation, { method, url, body: body.toString('utf8') }, response);
    return;
  }
  const inApi = url.pathname.startsWith(`${apiPath}/`);
  const path = inApi ? url.pathname.slice(apiPath.length) : url.pathname;
  const { latencyMs, longestReplyBytes } = simulation.switches;
  if (latencyMs > 0) await sleep(latencyMs);

  const fault = inApi ? simulation.faults.next(method, path) : null;
  const note = (status: number, bytes: number, projectId: string | null, answer: Answer | null): void =>
    simulation.log.add({
      at: new Date(simulation.clock.nowMs()).toISOString(),
      method,
      path,
      query: Object.fromEntries(url.searchParams),
      projectId,
      status,
      rows: rowsOf(answer),
      bytes,
      fault: fault?.kind ?? null,
    });

  const instead = fault ? faultAnswer(fault, simulation) : null;
  const stopsEarly = fault !== null && !fault.afterCommit;
  const reply =
    stopsEarly && (instead !== null || fault.kind === 'hang' || fault.kind === 'reset')
      ? { answer: instead, projectId: null }
      : answerApi(simulation, {
          method,
          path: inApi ? path : `/not-in-the-api${path}`,
          parameters: url.searchParams,
          headers: request.headers,
          body,
        });
  if (fault?.kind === 'hang') {
    note(0, 0, reply.projectId, null);
    await once(response, 'close');
    return;
  }
  if (fault?.kind === 'reset') {
    note(0, 0, reply.projectId, null);
    request.socket.destroy();
    return;
  }
  const answer = instead ?? reply.answer;
  if (!answer) return;
  const written = await writeReply(request, response, answer, longestReplyBytes, fault);
  note(fault?.kind === 'resetBody' ? 0 : written.status, written.bytes, reply.projectId, answer);
}

/** What a fault says instead of the server; null when it breaks the connection or the body. */
const faultAnswer = (fault: Fault, { clock }: Simulation): Answer | null =>
  fault.kind === '429'
    ? tooMany(30, clock.nowMs() + fault.retryAfterSeconds * 1_000, clock.nowMs(), null)
    : answerOf(fault);

function rowsOf(answer: Answer | null): number | null {
  const body = answer?.body;
  if (typeof body !== 'object' || body === null || !('data' in body)) return null;
  return Array.isArray(body.data) ? body.data.length : null;
}

/** The body; null when it is longer than anybody may send. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length <= longestBody) chunks.push(chunk as Buffer);
  }
  return length > longestBody ? null : Buffer.concat(chunks);
}
