import { FaultQueue } from './faults.js';
import { RateLimiter } from './rate-limits.js';
import { RequestLog } from './request-log.js';
import { SimulatedClock } from './state/clock.js';
import { ProjectStore } from './state/project-store.js';
import { switchesSchema, type Switches } from './switches.js';

export interface ProjectSetup {
  readonly id: string;
  readonly name: string;
  readonly publicKey: string;
  readonly secretKey: string;
  readonly organisation: { readonly id: string; readonly name: string };
}

/** The project of the recordings. */
export const recordedProject: ProjectSetup = {
  id: 'proj1',
  name: 'Proj',
  publicKey: 'pk-lf-proj1',
  secretKey: 'sk-lf-proj1',
  organisation: { id: 'org1', name: 'Org' },
};

export interface Project extends ProjectSetup {
  readonly store: ProjectStore;
}

/** One server: its projects, and what it was told to be. */
export class Simulation {
  readonly clock = new SimulatedClock();
  readonly faults = new FaultQueue();
  readonly limiter = new RateLimiter();
  readonly log = new RequestLog();
  readonly projects = new Map<string, Project>();
  /** v2 pages given so far in the walk of one cursor, for the switches that count pages. */
  pages = 0;
  /** Jobs of the OTLP queue so far. */
  otlpJobs = 0;
  switches: Switches = switchesSchema.parse({});

  addProject(setup: ProjectSetup): Project {
    const project = { ...setup, store: new ProjectStore(setup.id) };
    this.projects.set(setup.id, project);
    return project;
  }

  /** The secret alone decides (langfuse.md 2). */
  projectOfSecret(secretKey: string): Project | undefined {
    return [...this.projects.values()].find((project) => project.secretKey === secretKey);
  }

  hasPublicKey(publicKey: string): boolean {
    return [...this.projects.values()].some((project) => project.publicKey === publicKey);
  }

  /** Forgets rows, faults, limits and the log; keeps the projects and their keys. */
  reset(): void {
    for (const { store, ...setup } of [...this.projects.values()])
      this.addProject({ ...setup, id: store.id });
    this.faults.clear();
    this.limiter.clear();
    this.log.clear();
    this.clock.release();
    this.pages = 0;
    this.switches = switchesSchema.parse({});
  }
}
