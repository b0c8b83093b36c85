import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * An MCP server on stdio that lists tools and can do nothing: the CLI shows them to the model, and each call is denied and handed back to
 * us, so that tools run in the workflow only (claude.md 2.5). Its one argument is a JSON file with the tools.
 */
/** @type {unknown} */
const tools = JSON.parse(readFileSync(String(process.argv[2]), 'utf8'));

/** @typedef {{ id?: unknown, method?: string, params?: { protocolVersion?: string } }} Request */

/** @param {Request} request */
function resultOf({ method, params }) {
  if (method === 'initialize') {
    return {
      protocolVersion: params?.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'pms', version: '1' },
    };
  }
  return method === 'tools/list' ? { tools } : undefined;
}

for await (const line of createInterface({ input: process.stdin })) {
  /** @type {unknown} */
  const message = JSON.parse(line);
  const request = /** @type {Request} */ (message);
  const { id } = request;
  if (id === undefined) continue;
  const result = resultOf(request);
  const body = result ? { result } : { error: { code: -32601, message: 'This server only lists tools.' } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...body })}\n`);
}
