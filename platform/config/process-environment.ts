import { existsSync } from 'node:fs';

/**
 * The environment of this process, with what a `.env` file in the working folder adds. What is set outside the file wins. The one place
 * that reads either; pass the result to `loadConfig`.
 */
export function processEnvironment(file = '.env'): NodeJS.ProcessEnv {
  if (existsSync(file)) process.loadEnvFile(file);
  return process.env;
}
