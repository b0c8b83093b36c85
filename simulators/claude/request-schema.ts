import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';

/** Where the committed schema lies, from the root of the repository. */
export const requestSchemaFile = 'simulators/claude/request.schema.json';

/**
 * JSON schema of a request or an answer of the Messages API, from the types of the installed SDK (claude.md 3, request check 1).
 * Nothing but those types decides, so that two runs give the same text. Runs in the root of the repository.
 */
export async function schemaFromSdk(subject: 'Request' | 'Answer'): Promise<string> {
  const folder = await mkdtemp('.schema-');
  try {
    const entry = join(folder, 'subject.ts');
    await writeFile(entry, subjects);
    const schema = createGenerator({
      path: entry,
      tsconfig: 'tsconfig.json',
      type: subject,
      skipTypeCheck: true,
      additionalProperties: false,
      jsDoc: 'none',
    }).createSchema(subject);
    return `${JSON.stringify(schema, null, 1)}\n`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const subjects = `import type { Message, MessageCreateParamsNonStreaming, MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
export type Request = MessageCreateParamsNonStreaming | MessageCreateParamsStreaming;
export type Answer = Message;
`;
