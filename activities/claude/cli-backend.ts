import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClaudeCli } from '../../platform/config/config.js';
import type { AnthropicAccount } from '../../platform/credentials.js';
import type { BackendName } from '../../platform/prompts/prompt-bundle.js';
import { namesFor, type LlmBackend, type LlmRequest } from './backend.js';
import { runCli } from './cli-process.js';
import { renderPrompt, renderSystem, renderTools, toolServer } from './cli-prompt.js';
import { readCliResult } from './cli-result.js';
import { CliFailure } from './errors.js';
import { createSlots } from './process-slots.js';

const listOnlyServer = fileURLToPath(new URL('./list-only-mcp.mjs', import.meta.url));

/** Each process takes about 300 MiB (claude.md 2.2). */
const mostProcesses = 4;
const slots = createSlots(mostProcesses);

/** More does not fit the CLI's prompt (claude.md 2.5). */
const longestPrompt = 10 * 1024 * 1024;

/**
 * The `claude` command line, for demonstration and development (claude.md 2). One process a call, with an empty home, no built-in tools, no
 * retries and one turn: a tool that the model calls is denied there and comes back to the workflow.
 */
export const createCliBackend = (
  { apiKey, baseUrl }: AnthropicAccount,
  cli: ClaudeCli,
  name: BackendName,
): LlmBackend => ({
  name,
  step: (request, signal) =>
    slots.run(signal, async () => {
      const stdin = renderPrompt(request.messages);
      if (Buffer.byteLength(stdin) > longestPrompt) throw new CliFailure(413);
      const folder = await mkdtemp(join(tmpdir(), 'chairside-cli-'));
      try {
        const files = await writeFiles(folder, request);
        const { exitCode, stdout } = await runCli(
          {
            command: cli.command,
            args: argumentsOf(request, files),
            env: {
              PATH: cli.searchPath,
              HOME: files.home,
              ANTHROPIC_API_KEY: apiKey.reveal(),
              CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
              CLAUDE_CODE_MAX_RETRIES: '0',
              // A stream that fails would be asked for once more without streaming (measured with 2.1.197): a second call unseen.
              CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK: '1',
              CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(request.maxTokens),
              ...(baseUrl === null ? {} : simulatorEnv(baseUrl, request)),
            },
            cwd: files.home,
            stdin,
          },
          signal,
        );
        return readCliResult(exitCode, stdout, request.bundle.model);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }),
});

interface Files {
  readonly home: string;
  readonly system: string;
  readonly servers: string;
}

async function writeFiles(folder: string, { bundle }: LlmRequest): Promise<Files> {
  const files = {
    home: join(folder, 'home'),
    system: join(folder, 'system.md'),
    servers: join(folder, 'mcp.json'),
  };
  const tools = join(folder, 'tools.json');
  const server = { command: process.execPath, args: [listOnlyServer, tools] };
  await mkdir(files.home);
  await writeFile(files.system, renderSystem(bundle));
  await writeFile(tools, renderTools(bundle));
  await writeFile(files.servers, JSON.stringify({ mcpServers: { [toolServer]: server } }));
  return files;
}

/** The invocation of claude.md 2.2. `--bare` and `--strict-mcp-config` keep out whatever is configured on this machine. */
const argumentsOf = ({ bundle }: LlmRequest, files: Files): string[] => [
  '-p',
  '--bare',
  '--no-session-persistence',
  '--disable-slash-commands',
  ...['--tools', ''],
  ...['--system-prompt-file', files.system],
  ...['--model', bundle.model],
  ...['--effort', bundle.effort],
  '--strict-mcp-config',
  ...['--mcp-config', files.servers],
  ...['--permission-mode', 'dontAsk'],
  ...['--max-turns', '1'],
  ...['--output-format', 'json'],
];

const simulatorEnv = (baseUrl: string, request: LlmRequest): NodeJS.ProcessEnv => ({
  ANTHROPIC_BASE_URL: baseUrl,
  ANTHROPIC_CUSTOM_HEADERS: Object.entries(namesFor(request))
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n'),
});
