import { z } from 'zod';
import { alertReceiverShape, receiverFormats } from '../../../platform/alert-receiver.js';
import { whyNotPublic } from '../../../platform/public-address.js';
import { leaveAudit } from '../../audit.js';
import { Problem } from '../../problems.js';
import { tenantRoute } from '../../route.js';
import { mask } from '../credentials.js';

export const getAlertReceiver = tenantRoute({
  method: 'get',
  path: '/api/alert-receiver',
  role: 'admin',
  summary: 'Where alerts of this environment go, masked',
  answers: {
    200: z.object({
      format: z.enum(receiverFormats),
      /** Masked. */
      url: z.string().nullable(),
      secret: z.string().nullable(),
    }),
  },
  failures: ['RecordNotFound', 'IntegrationNotConfigured'],
  handle: async ({ tenant, environment }, { alertReceivers }) => {
    const receiver = await alertReceivers.find({ tenantId: tenant.slug, environment });
    if (!receiver) throw new Problem('RecordNotFound');
    const { format, url, secret } = receiver;
    return { status: 200, body: { format, url: mask(url.reveal()), secret: mask(secret?.reveal() ?? null) } };
  },
});

export const setAlertReceiver = tenantRoute({
  method: 'put',
  path: '/api/alert-receiver',
  role: 'admin',
  summary: 'Sets where alerts of this environment go; address and secret are sealed and never read back',
  body: alertReceiverShape,
  answers: { 204: undefined },
  handle: async (call, { config, store, alertReceivers }) => {
    const { tenant, environment, body } = call;
    const why = config.profile === 'production' ? whyNotPublic(body.url) : null;
    if (why !== null) throw new Problem('ValidationFailed', { errors: [{ path: 'url', message: why }] });
    await alertReceivers.set({ tenantId: tenant.slug, environment }, body);
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'alert-receiver.set',
      target: environment,
      detail: { format: body.format, signed: body.secret !== null },
    });
    return { status: 204 };
  },
});

export const removeAlertReceiver = tenantRoute({
  method: 'delete',
  path: '/api/alert-receiver',
  role: 'admin',
  summary: 'Forgets where alerts of this environment go; they still open and end',
  answers: { 204: undefined },
  handle: async (call, { store, alertReceivers }) => {
    const { tenant, environment } = call;
    await alertReceivers.remove({ tenantId: tenant.slug, environment });
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'alert-receiver.remove',
      target: environment,
    });
    return { status: 204 };
  },
});
