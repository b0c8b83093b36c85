import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { requestSchemaFile, schemaFromSdk } from './request-schema.js';

test('the committed schema of requests is that of the installed SDK; if not, run `npm run schema:claude`', async () => {
  expect(await readFile(requestSchemaFile, 'utf8')).toBe(await schemaFromSdk('Request'));
});
