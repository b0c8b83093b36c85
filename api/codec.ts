import express, { type Express } from 'express';
import proto from '@temporalio/proto';
import { authorise } from './auth/authorise.js';
import type { Route } from './route.js';
import type { ApiServices } from './services.js';

const { Payloads } = proto.temporal.api.common.v1;

const administrators: Pick<Route, 'access' | 'role'> = { access: 'admin', role: null };

/**
 * The remote codec of the Temporal UI and CLI: decrypts payloads of histories for administrators. In the sandbox profile, where all data is
 * invented and the server listens on loopback, the UI may use it without a token.
 */
export function mountCodec(app: Express, services: ApiServices): void {
  const { config, codec } = services;
  const ui = new URL(config.temporal.uiUrl).origin;
  const open = config.profile === 'sandbox' && config.host === '127.0.0.1';
  app.use('/codec', (request, response, next) => {
    response.setHeader('Access-Control-Allow-Origin', ui);
    response.setHeader('Access-Control-Allow-Headers', 'content-type, authorization, x-namespace');
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    if (request.method === 'OPTIONS') response.status(204).end();
    else next();
  });
  for (const direction of ['encode', 'decode'] as const) {
    app.post(
      `/codec/${direction}`,
      express.json({ limit: '4mb', type: () => true }),
      async (request, response) => {
        if (!open) await authorise(administrators as Route, request, services);
        const { payloads } = Payloads.fromObject(request.body as object);
        const done = await codec[direction](payloads);
        response.json(Payloads.toObject(Payloads.create({ payloads: done }), { bytes: String }));
      },
    );
  }
}
