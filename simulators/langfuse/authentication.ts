import { json, Refusal } from './answer.js';
import type { Project, Simulation } from './simulation.js';

const refused = (status: number, message: string): Refusal => new Refusal(json(status, { message }));
const wrongKeys = "Invalid credentials. Confirm that you've configured the correct host.";

/** Who sends a request: a project by its secret, or somebody who knows its public key only (langfuse.md 2). */
export type Caller = { readonly kind: 'project'; readonly project: Project } | { readonly kind: 'publicKey' };

/** Reads the Authorization header. Refuses with the recorded words. */
export function authenticate(simulation: Simulation, header: string | undefined): Caller {
  if (header === undefined) throw refused(401, 'No authorization header');
  const [scheme, value = ''] = header.split(' ');
  if (scheme === 'Basic') {
    const [, secret = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(value, 'base64').toString('utf8')) ?? [];
    const project = simulation.projectOfSecret(secret);
    if (!project) throw refused(401, wrongKeys);
    return { kind: 'project', project };
  }
  if (scheme === 'Bearer') {
    if (!simulation.hasPublicKey(value)) throw refused(401, wrongKeys);
    return { kind: 'publicKey' };
  }
  throw refused(401, 'Invalid authorization header');
}

export const accessDenied = refused(403, 'Access denied - insufficient permissions for this endpoint').answer;
