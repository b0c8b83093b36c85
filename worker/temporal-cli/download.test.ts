import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { download } from './download.js';
import { fetchArchive, officialArchives } from './official-download.js';
import { fileFromTar } from './tar.js';

const silent = (): void => undefined;
const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

async function serve(handler: RequestListener): Promise<string> {
  const server: Server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** One entry of a tar archive, padded to whole blocks. */
function entry(name: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  const padded = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  padded.write(content);
  return Buffer.concat([header, padded]);
}

const archive = (content: string): Buffer =>
  Buffer.concat([
    entry('LICENSE', 'x'.repeat(600)),
    entry('temporal', content),
    entry('README', 'y'),
    Buffer.alloc(1_024),
  ]);

describe('downloading', () => {
  it('follows a redirect and unpacks the binary from the archive', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/old') response.writeHead(302, { location: '/new' }).end();
      else response.end(gzipSync(archive('the binary')));
    });
    const folder = await mkdtemp(join(tmpdir(), 'chairside-archive-'));
    const path = await fetchArchive(`${url}/old`, folder, silent);
    expect(await readFile(path, 'utf8')).toBe('the binary');
    await rm(folder, { recursive: true });
  });

  it('gives up on a redirect without end and on a refusal, with the reason', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/gone') response.writeHead(404).end();
      else response.writeHead(302, { location: '/again' }).end();
    });
    await expect(download(`${url}/again`, silent)).rejects.toThrow('redirects without end');
    await expect(download(`${url}/gone`, silent)).rejects.toThrow('answered 404');
    await expect(download('http://127.0.0.1:1/', silent)).rejects.toThrow('ECONNREFUSED');
  });

  it('gives up soon on a host that takes the connection and never greets', async () => {
    const server = createTcpServer();
    const sockets: Socket[] = [];
    server.on('connection', (socket) => sockets.push(socket.on('error', silent)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await expect(download(url, silent, { connectMs: 100, silenceMs: 5_000 })).rejects.toThrow(
      'no connection within 0.1 s',
    );
  });

  it('refuses an answer that ends early', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    await expect(download(url, silent)).rejects.toThrow();
  });
});

describe('the official archives', () => {
  it('are named by platform and architecture, and do not exist for others', () => {
    expect(officialArchives('1.9.1', { platform: 'darwin', arch: 'arm64' })).toEqual({
      vendor: 'https://temporal.download/cli/archive/v1.9.1?platform=darwin&arch=arm64',
      github:
        'https://github.com/temporalio/cli/releases/download/v1.9.1/temporal_cli_1.9.1_darwin_arm64.tar.gz',
    });
    expect(officialArchives('1.9.1', { platform: 'aix', arch: 'ppc64' })).toBeNull();
  });

  it('are refused when they hold no binary', () => {
    expect(() => fileFromTar(Buffer.alloc(2_048), 'temporal')).toThrow('no file "temporal"');
  });
});
