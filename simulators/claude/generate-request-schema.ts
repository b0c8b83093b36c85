import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';

/**
 * Writes `request.schema.json` from the SDK's own types (claude.md 3, request check 1). Run by hand when the SDK changes:
 * `npx tsx simulators/claude/generate-request-schema.ts`.
 */
const folder = await mkdtemp('.schema-');
const entry = join(folder, 'request.ts');
await writeFile(
  entry,
  `import type { MessageCreateParamsNonStreaming, MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
export type Request = MessageCreateParamsNonStreaming | MessageCreateParamsStreaming;`,
);
const schema = createGenerator({
  path: entry,
  tsconfig: 'tsconfig.json',
  type: 'Request',
  skipTypeCheck: true,
  additionalProperties: false,
}).createSchema('Request');
await writeFile('simulators/claude/request.schema.json', `${JSON.stringify(schema)}\n`);
await rm(folder, { recursive: true });
