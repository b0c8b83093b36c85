import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';

const mebibyte = 1_048_576;
const redirectLimit = 5;

/** Names a host that cannot be reached quickly: a firewall that drops packets would otherwise cost minutes. */
const connectLimitMs = 5_000;
/** Once bytes flow, this much silence means that they stopped. */
const silenceLimitMs = 15_000;
const progressEveryMs = 3_000;

/** Downloads a file into memory, following redirects. Throws an Error with the reason; reports progress every few seconds. */
export async function download(
  url: string,
  report: (line: string) => void,
  limits: { readonly connectMs: number; readonly silenceMs: number } = {
    connectMs: connectLimitMs,
    silenceMs: silenceLimitMs,
  },
): Promise<Buffer> {
  let address = new URL(url);
  for (let hops = 0; hops <= redirectLimit; hops += 1) {
    const response = await open(address, limits);
    const { statusCode = 0, headers } = response;
    if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
      response.destroy();
      address = new URL(headers.location, address);
      continue;
    }
    if (statusCode !== 200) {
      response.destroy();
      throw new Error(`${address.host} answered ${statusCode}`);
    }
    return receive(response, address.host, report);
  }
  throw new Error(`${address.host} redirects without end`);
}

function open(
  address: URL,
  limits: { readonly connectMs: number; readonly silenceMs: number },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const get = address.protocol === 'http:' ? getHttp : getHttps;
    const request = get(address, { timeout: limits.silenceMs, agent: false });
    const timer = setTimeout(
      () => request.destroy(new Error(`no connection within ${limits.connectMs / 1_000} s`)),
      limits.connectMs,
    );
    const connected = (): void => clearTimeout(timer);
    request.once('socket', (socket) => {
      socket.once(address.protocol === 'http:' ? 'connect' : 'secureConnect', connected);
    });
    request.once('timeout', () =>
      request.destroy(new Error(`nothing heard for ${limits.silenceMs / 1_000} s`)),
    );
    request.once('response', resolve);
    request.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new Error(`${address.host}: ${error.code ?? error.message}`));
    });
  });
}

async function receive(
  response: IncomingMessage,
  host: string,
  report: (line: string) => void,
): Promise<Buffer> {
  const total = Number(response.headers['content-length'] ?? 0);
  const chunks: Buffer[] = [];
  let received = 0;
  let reportedAt = Date.now();
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    received += chunk.length;
    if (Date.now() - reportedAt >= progressEveryMs) {
      reportedAt = Date.now();
      const of = total > 0 ? ` of ${Math.round(total / mebibyte)}` : '';
      report(`  ${Math.round(received / mebibyte)}${of} MiB from ${host}`);
    }
  }
  if (total > 0 && received !== total) throw new Error(`${host} ended after ${received} of ${total} bytes`);
  return Buffer.concat(chunks);
}
