import { z } from 'zod';
import { toolEffect } from '../../domain/agent/tools.js';

const guid = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'must be a GUID')
  .transform((text) => text.toLowerCase());
const key = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be lower-case letters, digits and "-"');
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');
const timeZone = z
  .string()
  .refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone), 'must be an IANA time zone');
const minutes = z.number().int().min(5).max(480);
const integrations = z.array(z.enum(['cloud9', 'anthropic']));

/** `tenant.json` as it must be. Extra keys are errors: a misspelt setting must not be ignored. */
export const tenantSchema = z.strictObject({
  slug: key,
  active: z.boolean(),
  practiceName: z.string().min(1),
  phone: z.string().min(7),
  timeZone,
  languages: z.array(z.enum(['en', 'es'])).min(1),
  channels: z.array(z.enum(['chat', 'voice'])).min(1),
  vendorUserName: z.string().min(1),
  locations: z
    .array(
      z.strictObject({
        key,
        name: z.string().min(1),
        locationGuid: guid,
        timeZone,
        providerGuid: guid,
        address: z.string().min(1),
        hours: z.partialRecord(
          z.enum(['1', '2', '3', '4', '5', '6', '7']),
          z.strictObject({ opens: clock, closes: clock }),
        ),
      }),
    )
    .min(1),
  visitTypes: z
    .array(
      z.strictObject({
        key,
        name: z.string().min(1),
        appointmentTypeGuid: guid,
        minutes,
        slotClasses: z.array(z.string().min(1)).min(1),
        minAgeYears: z.number().int().min(0).nullable(),
        maxAgeYears: z.number().int().min(0).nullable(),
      }),
    )
    .min(1),
  booking: z.strictObject({
    siblings: z.enum(['allOrNone', 'keepBooked']),
    siblingWindowMinutes: z.number().int().min(0).max(240),
    minLeadMinutes: z
      .number()
      .int()
      .min(60, 'must be at least 60: the practice system refuses the past by its own clock'),
    maxAheadDays: z.number().int().min(1).max(196, 'must be at most 196, the longest search'),
    holdMinutes: z.strictObject({ chat: z.number().int().min(1), voice: z.number().int().min(1) }),
  }),
  model: z.strictObject({ name: z.string().min(1), maxTokens: z.number().int().min(256).max(8_000) }),
  integrations: z.strictObject({ sandbox: integrations, production: integrations }),
});

const description = z.string().min(1).max(1_000);

/** `v1/tools.json`: one description for each tool, none besides. */
export const toolTextsSchema = z.strictObject(
  Object.fromEntries(Object.keys(toolEffect).map((name) => [name, description])),
);
