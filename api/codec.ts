import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import proto from '@temporalio/proto';
import { z } from 'zod';
import type { Config } from '../platform/config/config.js';
import { authorise } from './auth/authorise.js';
import { Problem, validationProblem } from './problems.js';
import type { ApiServices } from './services.js';

const { Payloads } = proto.temporal.api.common.v1;

/** A page of a long history in one request. */
const bodyLimit = '4mb';

/** Temporal's remote codec protocol: payloads in protobuf JSON, bytes in base64. */
const payloads = z.object({
  payloads: z.array(
    z.object({ metadata: z.record(z.string(), z.base64()).optional(), data: z.base64().optional() }),
  ),
});

/**
 * The remote codec of the Temporal UI and CLI: decrypts payloads of histories. A payload does not say whose it is, so it needs an
 * administrator of the installation, not of a tenant. In the sandbox profile, where all data is invented, a server that listens on loopback
 * lets the UI use it without a token.
 */
export function mountCodec(app: Express, services: ApiServices): void {
  const { config, codec } = services;
  const open = config.profile === 'sandbox' && isLoopback(config.host);
  app.use('/codec', crossOrigin(config));
  for (const direction of ['encode', 'decode'] as const) {
    app.post(
      `/codec/${direction}`,
      // The Temporal CLI sends no content type that could be relied on.
      express.json({ limit: bodyLimit, type: () => true }),
      async (request, response) => {
        if (!open) await authorise({ access: 'admin', role: null }, request, services);
        const body = payloads.safeParse(request.body);
        if (!body.success) throw validationProblem(body.error);
        const done = await codec[direction](Payloads.fromObject(body.data).payloads).catch(
          (error: unknown) => {
            throw new Problem('ValidationFailed', {
              errors: [{ path: 'payloads', message: 'cannot be read with the keys of this installation' }],
              cause: error,
            });
          },
        );
        response.json(Payloads.toObject(Payloads.create({ payloads: done }), { bytes: String }));
      },
    );
  }
}

const loopbackHosts = ['127.0.0.1', 'localhost', '::1'];
const isLoopback = (host: string): boolean => loopbackHosts.includes(host);

/** Lets pages of the Temporal UI read the answers, and no others. The UI is reached by either name of this machine. */
function crossOrigin({ temporal }: Pick<Config, 'temporal'>) {
  const ui = new URL(temporal.uiUrl);
  const origins = (isLoopback(ui.hostname) ? ['127.0.0.1', 'localhost'] : [ui.hostname]).map(
    (host) => new URL(`${ui.protocol}//${host}:${ui.port}`).origin,
  );
  return (request: Request, response: Response, next: NextFunction): void => {
    const origin = request.get('origin');
    response.vary('Origin');
    if (origin !== undefined && origins.includes(origin)) {
      response.setHeader('Access-Control-Allow-Origin', origin);
      response.setHeader('Access-Control-Allow-Headers', 'content-type, authorization, x-namespace');
      response.setHeader('Access-Control-Allow-Credentials', 'true');
    }
    if (request.method === 'OPTIONS') response.status(204).end();
    else next();
  };
}
