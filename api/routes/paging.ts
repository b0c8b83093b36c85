import { z } from 'zod';
import { decodeCursor } from '../../platform/store/page.js';

/** Query of every list: newest first, at most 100 rows, and the `nextCursor` of the page before. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z
    .string()
    .refine((text) => decodeCursor(text) !== null, 'is not a cursor of this API')
    .optional(),
};

/** Answer of every list: null on the last page. */
export const nextCursor = z.string().nullable();
