import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);
const fastLevel = 1; // a full range is megabytes of repeating text
const maxBodyBytes = 1024 * 1024;

/** One request and its answer, with the manners of an IIS server (cloud9.md 1.1). */
export class HttpExchange {
  readonly #gone = new AbortController();

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
  ) {
    response.on('close', () => {
      if (!response.writableFinished) this.#gone.abort();
    });
  }

  /** Aborts when the client goes away before it has its answer. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** The body, whatever the method; undefined when it is too large. */
  async body(): Promise<string | undefined> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of this.request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  /** An application answer: `text/html`, gzip when asked for. */
  async xml(text: string, status = 200): Promise<void> {
    this.#iisHeaders();
    const accepted = this.request.headers['accept-encoding'] ?? '';
    const body = Buffer.from(text, 'utf8');
    this.response.setHeader('Vary', 'Accept-Encoding');
    if (!/\bgzip\b/i.test(accepted)) return this.#send(status, body);
    this.response.setHeader('Content-Encoding', 'gzip');
    return this.#send(status, await compress(body, { level: fastLevel }));
  }

  /** A page of the infrastructure in front of the application. */
  async page(status: number, title: string): Promise<void> {
    this.#iisHeaders();
    const html = `<!DOCTYPE html><html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>`;
    return this.#send(status, Buffer.from(html));
  }

  async json(value: unknown, status = 200): Promise<void> {
    this.response.setHeader('Content-Type', 'application/json');
    return this.#send(status, Buffer.from(JSON.stringify(value)));
  }

  /** Breaks the connection without an answer. */
  drop(): void {
    this.request.socket.destroy();
  }

  #iisHeaders(): void {
    this.response.setHeader('Content-Type', 'text/html');
    this.response.setHeader('Cache-Control', 'private');
    this.response.setHeader('Server', 'Microsoft-IIS/10.0');
    this.response.setHeader('X-AspNet-Version', '4.0.30319');
    this.response.setHeader('X-Powered-By', 'ASP.NET');
  }

  async #send(status: number, body: Buffer): Promise<void> {
    if (this.response.destroyed) return;
    this.response.statusCode = status;
    this.response.setHeader('Content-Length', body.length);
    this.response.end(body);
  }
}
