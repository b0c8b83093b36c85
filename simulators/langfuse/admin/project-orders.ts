import { z } from 'zod';
import { levels, observationTypes } from '../state/records.js';
import type { PricedModel } from '../state/model-prices.js';
import type { Project, Simulation } from '../simulation.js';
import { samplePractices } from '../traffic/practices.js';
import { seedTraffic } from '../traffic/traffic.js';
import { putScore, seedObservations, seedTrace, type SeedObservation } from '../writes/seed.js';
import type { Order } from './admin-door.js';

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const projectBody = z.strictObject({
  id: z.string().min(1),
  name: z.string().optional(),
  publicKey: z.string().optional(),
  secretKey: z.string().optional(),
  organisation: z.strictObject({ id: z.string().min(1), name: z.string() }).optional(),
});

/** Adds an empty project; keys and organisation follow from its id unless they are said. */
export const addProject: Order = (simulation, body) => {
  const { id, ...said } = projectBody.parse(body);
  return shown(
    simulation.addProject({
      id,
      name: said.name ?? id,
      publicKey: said.publicKey ?? `pk-lf-${id}`,
      secretKey: said.secretKey ?? `sk-lf-${id}`,
      organisation: said.organisation ?? { id: `org-${id}`, name: id },
    }),
  );
};

export const listProjects: Order = ({ projects }) => ({ projects: [...projects.values()].map(shown) });

const shown = ({ id, name, publicKey, secretKey, organisation }: Project): unknown => ({
  id,
  name,
  publicKey,
  secretKey,
  organisation,
});

/** The project of an order: the named one, or the first. Throws ZodError for an unknown one. */
export function projectOf({ projects }: Simulation, projectId: string | undefined | null): Project {
  const project = projectId ? projects.get(projectId) : [...projects.values()][0];
  if (project) return project;
  throw new z.ZodError([
    { code: 'custom', path: ['projectId'], message: `unknown project ${projectId ?? ''}`, input: projectId },
  ]);
}

const details = z.record(z.string(), z.number()).optional();

const observationSeed = z
  .strictObject({
    id: z.string(),
    type: z.enum(observationTypes).optional(),
    startTime: time.optional(),
    endTime: time.optional(),
    completionStartTime: time.optional(),
    parentObservationId: z.string().optional(),
    name: z.string().optional(),
    level: z.enum(levels).optional(),
    statusMessage: z.string().optional(),
    version: z.string().optional(),
    environment: z.string().optional(),
    model: z.string().optional(),
    modelParameters: z.record(z.string(), z.unknown()).optional(),
    usageDetails: details,
    costDetails: details,
    promptName: z.string().optional(),
    promptVersion: z.number().int().optional(),
    input: z.unknown().optional(),
    output: z.unknown().optional(),
    metadata: z.unknown().optional(),
  })
  .transform(
    ({ startTime, endTime, completionStartTime, parentObservationId, ...rest }): SeedObservation => ({
      ...rest,
      startMs: startTime,
      endMs: endTime,
      completionStartMs: completionStartTime,
      parentId: parentObservationId,
    }),
  );

const way = z.enum(['ingestion', 'otlp']).optional();

const traceSeed = z
  .strictObject({
    id: z.string(),
    way,
    timestamp: time.optional(),
    name: z.string().optional(),
    userId: z.string().optional(),
    sessionId: z.string().optional(),
    release: z.string().optional(),
    version: z.string().optional(),
    environment: z.string().optional(),
    public: z.boolean().optional(),
    bookmarked: z.boolean().optional(),
    tags: z.array(z.string()).optional(),
    input: z.unknown().optional(),
    output: z.unknown().optional(),
    metadata: z.unknown().optional(),
    observations: z.array(observationSeed).optional(),
  })
  .transform(({ timestamp, ...rest }) => ({ ...rest, timestampMs: timestamp }));

const addressed = {
  projectId: z.string().optional(),
  /** Milliseconds of the server's clock until the rows can be read. */
  visibleInMs: z.number().int().min(0).default(0),
};

const tracesBody = z.strictObject({ ...addressed, traces: z.array(traceSeed) });
const observationsBody = z.strictObject({
  ...addressed,
  traceId: z.string(),
  way,
  observations: z.array(observationSeed),
});
const scoresBody = z.strictObject({
  ...addressed,
  scores: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      dataType: z.enum(['NUMERIC', 'BOOLEAN', 'CATEGORICAL', 'TEXT', 'CORRECTION']),
      value: z.number().optional(),
      stringValue: z.string().optional(),
      traceId: z.string().optional(),
      observationId: z.string().optional(),
      sessionId: z.string().optional(),
      timestamp: time.optional(),
    }),
  ),
});
const tier = z.strictObject({
  id: z.string(),
  name: z.string(),
  isDefault: z.boolean(),
  priority: z.number().int(),
  conditions: z.array(z.never()).default([]),
  prices: z.record(z.string(), z.number()),
});
const modelBody = z.strictObject({
  projectId: z.string().optional(),
  model: z.strictObject({
    id: z.string(),
    modelName: z.string(),
    matchPattern: z.string(),
    createdAt: z.string().default('2026-01-01T00:00:00.000Z'),
    pricingTiers: z.array(tier).min(1),
  }),
});
const trafficBody = z.strictObject({
  projectId: z.string().optional(),
  like: z.enum(['bright-smiles', 'river-ortho']),
  conversationsPerDay: z.number().int().min(1).optional(),
});
const deleteBody = z.strictObject({ projectId: z.string().optional(), traceIds: z.array(z.string()) });

/** Orders that change rows. New and known ids alike: a known one is updated. */
export const changeRows: Readonly<Record<string, Order>> = {
  'POST /admin/traces': (simulation, body) => {
    const { projectId, traces, visibleInMs } = tracesBody.parse(body);
    const { store } = projectOf(simulation, projectId);
    const nowMs = simulation.clock.nowMs();
    const put = (atMs: number): void => {
      for (const trace of traces) seedTrace(store, trace, atMs);
    };
    if (visibleInMs === 0) put(nowMs);
    else store.later(nowMs + visibleInMs, put);
    return { traces: traces.length };
  },
  'POST /admin/observations': (simulation, body) => {
    const { projectId, traceId, way: said, observations, visibleInMs } = observationsBody.parse(body);
    const { store } = projectOf(simulation, projectId);
    const nowMs = simulation.clock.nowMs();
    const put = (atMs: number): void =>
      seedObservations(
        store,
        traceId,
        observations,
        said ?? store.traces.get(traceId)?.way ?? 'ingestion',
        atMs,
      );
    if (visibleInMs === 0) put(nowMs);
    else store.later(nowMs + visibleInMs, put);
    return { observations: observations.length };
  },
  'POST /admin/scores': (simulation, body) => {
    const { projectId, scores, visibleInMs } = scoresBody.parse(body);
    const { store } = projectOf(simulation, projectId);
    store.later(simulation.clock.nowMs() + visibleInMs, (atMs) => {
      for (const { timestamp, ...score } of scores)
        putScore(store, { ...score, timestampMs: timestamp ?? atMs }, atMs);
    });
    return { scores: scores.length };
  },
  'POST /admin/traffic': (simulation, body) => {
    const { projectId, like, conversationsPerDay } = trafficBody.parse(body);
    const practice = samplePractices.find(({ project }) => project.id === `project-${like}`);
    const { store, id } = projectOf(simulation, projectId);
    if (!practice) return {};
    const { project } = practice;
    const more = { conversationsPerDay: conversationsPerDay ?? practice.conversationsPerDay };
    seedTraffic(store, { ...practice, ...more, project: { ...project, id } }, simulation.clock.nowMs());
    return { traces: store.traces.size };
  },
  'POST /admin/models': (simulation, body) => {
    const { projectId, model } = modelBody.parse(body);
    projectOf(simulation, projectId).store.prices.add(model satisfies PricedModel);
    return {};
  },
  'DELETE /admin/traces': (simulation, body) => {
    const { projectId, traceIds } = deleteBody.parse(body);
    const { store } = projectOf(simulation, projectId);
    for (const id of traceIds) store.removeTrace(id);
    return { traces: traceIds.length };
  },
};
