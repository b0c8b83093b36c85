import { z } from 'zod';
import { toolEffect } from '../../domain/agent/tools.js';

const guid = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'must be a GUID')
  .transform((text) => text.toLowerCase());
const key = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be lower-case letters, digits and "-"');
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be HH:MM', abort: true });
const zones: ReadonlySet<string> = new Set(Intl.supportedValuesOf('timeZone'));
const timeZone = z
  .string()
  .refine((zone) => zones.has(zone), 'must be an IANA time zone, like "America/New_York"');
const minutes = z.number().int().min(5).max(480);
const age = z.number().int().min(0).max(120).nullable();

const hours = z
  .strictObject({ opens: clock, closes: clock })
  .refine(({ opens, closes }) => opens < closes, { error: 'must open before it closes' });

/** Two rows with one key or GUID: whatever is looked up by it would find the wrong one. */
const unique =
  <K extends string>(...fields: readonly K[]) =>
  (rows: readonly Readonly<Record<K, string>>[], context: z.core.$RefinementCtx): void => {
    for (const field of fields) {
      rows.forEach((row, index) => {
        if (rows.findIndex((other) => other[field] === row[field]) !== index) {
          context.addIssue({
            code: 'custom',
            path: [index, field],
            message: 'must be used once only',
          });
        }
      });
    }
  };

const integrations = z.array(z.enum(['cloud9', 'anthropic']));

/** `tenant.json` as it must be. Extra keys are errors: a misspelt setting must not be ignored. */
export const tenantSchema = z.strictObject({
  slug: key,
  active: z.boolean(),
  holdsHealthData: z.boolean(),
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
        hours: z.partialRecord(z.enum(['1', '2', '3', '4', '5', '6', '7']), hours),
      }),
    )
    .min(1)
    .superRefine(unique('key', 'locationGuid')),
  visitTypes: z
    .array(
      z
        .strictObject({
          key,
          name: z.string().min(1),
          appointmentTypeGuid: guid,
          minutes,
          slotClasses: z.array(z.string().min(1)).min(1),
          minAgeYears: age,
          maxAgeYears: age,
        })
        .refine(({ minAgeYears, maxAgeYears }) => (minAgeYears ?? 0) <= (maxAgeYears ?? 120), {
          path: ['minAgeYears'],
          error: 'must not be above maxAgeYears',
        }),
    )
    .min(1)
    .superRefine(unique('key', 'appointmentTypeGuid')),
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
  model: z.strictObject({
    name: z.string().min(1),
    maxTokens: z.number().int().min(256).max(8_000),
    fallback: z.string().min(1).nullable(),
  }),
  sessions: z
    .strictObject({
      idleGapMinutes: z.number().int().min(1).max(1_440),
      ownSessionIds: z.enum(['kept', 'perTurn']),
    })
    .optional(),
  integrations: z.strictObject({ sandbox: integrations, production: integrations }),
});

const description = z.string().min(1).max(1_000);

/** `v1/tools.json`: one description for each tool, none besides. */
export const toolTextsSchema = z.strictObject(
  Object.fromEntries(Object.keys(toolEffect).map((name) => [name, description])),
);
