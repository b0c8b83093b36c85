import { findTemporalCli } from './find.js';

try {
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  process.stdout.write(`${await findTemporalCli({ env: process.env, report })}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
