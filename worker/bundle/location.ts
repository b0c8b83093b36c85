import { fileURLToPath } from 'node:url';

/** Where the build leaves the workflow bundle, beside the compiled worker. */
export const workflowBundlePath = fileURLToPath(new URL('./workflow-bundle.cjs', import.meta.url));
