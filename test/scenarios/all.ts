import { changes } from './changes.js';
import { dates } from './dates.js';
import { deployment } from './deployment.js';
import { falseClaims } from './false-claims.js';
import { people } from './people.js';
import { places } from './places.js';
import type { Scenario } from './scenario.js';
import { writesOnce } from './writes-once.js';

/** The twenty scenarios, by number. */
export const scenarios: readonly Scenario[] = [
  ...writesOnce,
  ...places,
  ...falseClaims,
  ...people,
  ...changes,
  ...dates,
  ...deployment,
].toSorted((one, other) => one.id - other.id);
