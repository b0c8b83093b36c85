import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { buildWorkflowBundle } from './workflow-bundle.js';
import { workflowBundlePath } from './location.js';

const code = await buildWorkflowBundle();
await mkdir(dirname(workflowBundlePath), { recursive: true });
await writeFile(workflowBundlePath, code);
process.stdout.write(`workflow bundle: ${Math.round(code.length / 1024)} KiB\n`);
