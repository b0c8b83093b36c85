import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { failureConverterPath } from '../../platform/temporal/data-converter.js';

const here = import.meta.url;
const source = (name: string): string =>
  fileURLToPath(new URL(`../../workflows/${name}.${here.endsWith('.ts') ? 'ts' : 'js'}`, here));

/** Bundles all workflows with the failure converter that clients use. Built once at `npm run build`, never at start (temporal.md 15). */
export async function buildWorkflowBundle(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: source('index'),
    workflowInterceptorModules: [source('summaries')],
    failureConverterPath,
    logger: new DefaultLogger('WARN'),
    // Stack traces keep their files and lines. The sources themselves, two thirds of the bundle, would be held in memory for nobody: the
    // SDK shows them only where a worker sets `showStackTraceSources`.
    webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-source-map' }),
  });
  return code;
}
