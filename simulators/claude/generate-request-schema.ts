import { writeFile } from 'node:fs/promises';
import { requestSchemaFile, schemaFromSdk } from './request-schema.js';

/** Writes the schema anew: `npm run schema:claude`, when the SDK changes. A test says when that is needed. */
await writeFile(requestSchemaFile, await schemaFromSdk('Request'));
