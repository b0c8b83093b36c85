import { searchAttributes } from '../../domain/search-attributes.js';

export interface DevServerOptions {
  readonly port: number;
  readonly uiPort: number;
  readonly databasePath: string;
  readonly namespace: string;
  /** Where the Temporal UI finds our codec; null = payloads stay encrypted there. */
  readonly codecEndpoint?: string | null;
}

/** The dev server has one shard whose queues are polled 20 times a second by default: each step would wait for a 50 ms tick (temporal.md 19.3). */
const pollsPerSecond = 2_000;
const polledQueues = [
  'transferProcessorMaxPollRPS',
  'timerProcessorMaxPollRPS',
  'visibilityProcessorMaxPollRPS',
];

/** Arguments of `temporal` for our dev server: durable file, raised poll limits, WAL with full sync, our search attributes. */
export function devServerArguments(options: DevServerOptions): string[] {
  return [
    'server',
    'start-dev',
    ...['--ip', '127.0.0.1', '--port', String(options.port), '--ui-port', String(options.uiPort)],
    ...['--namespace', options.namespace, '--db-filename', options.databasePath, '--log-level', 'warn'],
    // WAL takes some 40 fsyncs out of a turn; `full` keeps every commit through a power cut.
    ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=full'],
    ...polledQueues.flatMap((name) => ['--dynamic-config-value', `history.${name}=${pollsPerSecond}`]),
    ...Object.values(searchAttributes).flatMap(({ name }) => ['--search-attribute', `${name}=Keyword`]),
    ...(options.codecEndpoint ? ['--ui-codec-endpoint', options.codecEndpoint] : []),
  ];
}
