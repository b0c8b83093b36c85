import { z } from 'zod';
import { textsKnob } from './texts.js';

const clockTime = z.string().regex(/^\d{2}:\d{2}$/, 'expected HH:MM');
const milliseconds = z.number().min(0);

const throttleKnob = z.strictObject({
  enabled: z.boolean().default(true),
  /** `gap`: a minimum time between starts. `count`: so many calls in a window. */
  mode: z.enum(['gap', 'count']).default('gap'),
  // The gaps of the client rule (cloud9.md 4.3) are the defaults of the server (7.1, quirk 11).
  minGapMs: z.record(z.string(), milliseconds).default({
    SetAppointment: 10_000,
    GetOnlineReservations: 10_000,
    SetPatient: 5_000,
    SetAppointmentStatusCanceled: 5_000,
  }),
  otherMinGapMs: milliseconds.default(1_000),
  /** Multiplies every gap and window; 0 switches throttling off. */
  gapScale: z.number().min(0).default(1),
  /** A client measures its gap where it sends, the server where it receives; at most a tenth of the gap. */
  toleranceMs: milliseconds.default(250),
  callsPerWindow: z.number().int().min(1).default(1),
  windowMs: milliseconds.default(10_000),
  /** A throttled call starts the gap anew. */
  throttledCallsCount: z.boolean().default(false),
  /** How quickly code 8 comes back. */
  answerAfterMs: milliseconds.default(100),
});

const windowKnob = z.strictObject({
  enabled: z.boolean().default(false),
  /** UTC does not move with DST (cloud9.md 4.5). */
  fromUtc: clockTime.default('00:00'),
  toUtc: clockTime.default('11:00'),
  exempt: z.array(z.string()).default([]),
});

/** Every inferred point of cloud9.md as an option; the defaults are the choices of its section 7. */
export const knobsSchema = z.strictObject({
  profile: z.enum(['sandbox', 'production']).default('sandbox'),

  // Transport and envelopes
  acceptGet: z.boolean().default(true),
  errorEnvelopeHttpStatus: z.number().int().min(200).max(599).default(200),
  requireNamespace: z.boolean().default(true),
  emptyField: z.enum(['pair', 'nil', 'missing']).default('pair'),
  emptyRecords: z.enum(['pair', 'selfClosed', 'absent']).default('pair'),
  parameterNames: z.enum(['strict', 'lenient']).default('strict'),
  missingParameter: z.enum(['code2', 'tolerated']).default('code2'),
  guidListSeparator: z.string().length(1).nullable().default(null),

  // Rights and load
  unauthorizedProcedures: z.array(z.string()).default(['SetPatientDemographicInfo']),
  notAuthorizedCode: z.number().int().default(10),
  window: windowKnob.prefault({}),
  throttle: throttleKnob.prefault({}),
  latency: z
    .strictObject({
      /** `observed` = cloud9.md 4.4: reservations 5-15 s with the range, SetAppointment 4-5 s. */
      profile: z.enum(['none', 'observed']).default('none'),
      scale: z.number().min(0).default(1),
    })
    .prefault({}),
  /** For so long reads do not see a write. */
  readAfterWriteLagMs: milliseconds.default(0),

  // Reads
  maxRangeDays: z.number().int().min(1).default(196),
  rangeError: z.enum(['code3', 'result', 'zeroRecords']).default('code3'),
  nonOnlineTypeFilter: z.enum(['zeroRecords', 'result']).default('zeroRecords'),
  lookupMatch: z.enum(['prefix', 'contains', 'exact']).default('prefix'),
  unknownPatientInformation: z.enum(['zeroRecords', 'code3']).default('zeroRecords'),
  daySheetShowsCancelled: z.boolean().default(false),
  listByDateLimit: z.number().int().min(1).default(1_000),
  modifiedSinceClock: z.enum(['utc', 'eastern']).default('utc'),

  // Writes
  setPatientErrors: z.enum(['envelope', 'result']).default('envelope'),
  rejectDuplicatePhone: z.boolean().default(false),
  storeEmail: z.boolean().default(false),
  setPatientGuidCase: z.enum(['upper', 'lower']).default('upper'),
  setAppointmentGuidCase: z.enum(['lower', 'upper']).default('lower'),
  unknownAppointment: z.enum(['result', 'code3']).default('result'),
  pastClock: z.enum(['location', 'eastern', 'utc']).default('location'),
  enforceClass: z.boolean().default(true),
  /** Replaces what a class allows: class GUID -> type GUIDs, lower-case. */
  classTypes: z.record(z.string(), z.array(z.string())).default({}),
  /**
   * What a painted block must do for a booking: contain its start (the server does not check Minutes: cloud9.md 7.3), cover
   * [start, start + Minutes) (the check order of 7.1), or begin exactly at its start.
   */
  blockRule: z.enum(['containsStart', 'coversMinutes', 'exactStart']).default('containsStart'),

  texts: textsKnob.prefault({}),
});

export type Knobs = z.infer<typeof knobsSchema>;
export type Profile = Knobs['profile'];

/** What a profile changes (cloud9.md 7.1, quirk 19). */
const profilePresets: Record<Profile, { readonly window: { readonly enabled: boolean } }> = {
  sandbox: { window: { enabled: false } },
  production: { window: { enabled: true } },
};

/** All knobs of a profile at their defaults. */
export function defaultKnobs(profile: Profile, gapScale: number): Knobs {
  return knobsSchema.parse({ profile, throttle: { gapScale }, ...profilePresets[profile] });
}

/** Turns some knobs; naming a profile applies its preset first. Throws ZodError for an unknown knob or value. */
export function turnKnobs(knobs: Knobs, change: unknown): Knobs {
  const profile = isObject(change) ? change['profile'] : undefined;
  const preset = profile === 'sandbox' || profile === 'production' ? profilePresets[profile] : {};
  return knobsSchema.parse(merge(merge(knobs, preset), change));
}

function merge(base: unknown, change: unknown): unknown {
  if (!isObject(base) || !isObject(change)) return change;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) merged[key] = merge(base[key], value);
  return merged;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
