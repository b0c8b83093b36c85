import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import winston from 'winston';
import type { Config } from '../config/config.js';
import { logContext } from './log-context.js';
import { redact } from './redact.js';

/** The loggers that operators know by name, and `log` for everything else. One event a line; `correlationId` is the workflow id. */
export interface Loggers {
  readonly log: winston.Logger;
  readonly httpRequest: winston.Logger;
  readonly httpResponse: winston.Logger;
  readonly dbOperation: winston.Logger;
  readonly cloud9Request: winston.Logger;
  readonly cloud9Response: winston.Logger;
}

const operatorLoggers = [
  'httpRequest',
  'httpResponse',
  'dbOperation',
  'cloud9Request',
  'cloud9Response',
] as const;

const redacting = winston.format((event) => {
  const { level, message, ...fields } = event;
  // winston keeps its own state under symbols of the event object, so it is changed in place.
  return Object.assign(event, { message: redact(message), ...(redact(fields) as object), level });
});

/** Fields of the logging system itself, shown in front of the line when it is pretty. */
const front = new Set(['level', 'message', 'timestamp', 'logger', 'process']);

/** What a field is in a pretty line. An error is named there; its stack is in the file. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  const { stack, name, type, message } = (value ?? {}) as Record<string, unknown>;
  return typeof stack === 'string' ? `${String(type ?? name)}: ${String(message)}` : JSON.stringify(value);
}

const pretty = winston.format.printf((event) => {
  const { level, message, timestamp, logger } = event as unknown as Record<string, string>;
  const fields = Object.entries(event).filter(([key]) => !front.has(key));
  const tail = fields.map(([key, value]) => ` ${key}=${shown(value)}`).join('');
  return `${timestamp ?? ''} ${level ?? ''} ${logger === 'log' ? '' : `[${logger ?? ''}] `}${message ?? ''}${tail}`;
});

/** Outputs are built here and only handed to winston, hence read-only. */
type FileOutput = Readonly<winston.transports.FileTransportInstance>;
type ConsoleOutput = Readonly<winston.transports.ConsoleTransportInstance>;
type Output = FileOutput | ConsoleOutput;

/** Builds the loggers of one process: console and files under `logDir`, one per process and one per operator logger. */
export function createLoggers(
  config: Pick<Config, 'logDir' | 'logFormat' | 'logLevel'>,
  processName: string,
): Loggers {
  mkdirSync(config.logDir, { recursive: true });
  const base = winston.format.combine(winston.format.timestamp(), redacting());
  const json = winston.format.combine(base, winston.format.json());
  const file = (name: string): FileOutput =>
    new winston.transports.File({ filename: join(config.logDir, `${name}.log`), format: json });
  const processFile = file(processName);
  const create = (name: string, transports: Output[]): winston.Logger => {
    const logger = winston.createLogger({ level: config.logLevel, transports });
    // Read by winston at the moment of each call, while the work at hand is still known.
    return Object.defineProperty(logger, 'defaultMeta', {
      get: () => ({ ...logContext(), logger: name, process: processName }),
    });
  };
  const consoleTransport: ConsoleOutput = new winston.transports.Console({
    format: config.logFormat === 'json' ? json : winston.format.combine(base, pretty),
  });
  // Statements are many; the console shows the others.
  const operators = operatorLoggers.map((name) => [
    name,
    create(name, name === 'dbOperation' ? [file(name)] : [consoleTransport, file(name)]),
  ]);
  return {
    log: create('log', [consoleTransport, processFile]),
    ...(Object.fromEntries(operators) as Omit<Loggers, 'log'>),
  };
}
