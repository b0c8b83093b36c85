import { turnLatency } from './turn-latency.js';

/** `npm run bench -- <name>`: each bench ends with one line of JSON that holds its figures (docs/testing.md). */
const benches: Readonly<Record<string, () => Promise<object>>> = { 'turn-latency': turnLatency };

const [name = ''] = process.argv.slice(2);
const bench = benches[name];
if (bench) {
  process.stdout.write(`${JSON.stringify({ bench: name, ...(await bench()) })}\n`);
} else {
  process.stderr.write(`Usage: npm run bench -- <name>. Names: ${Object.keys(benches).join(', ')}.\n`);
  process.exitCode = 1;
}
