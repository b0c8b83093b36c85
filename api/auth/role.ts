import { z } from 'zod';

/** `admin` holds everywhere; the others only within a membership. */
export const role = z.enum(['admin', 'operator', 'viewer']);
