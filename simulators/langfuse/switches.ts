import { z } from 'zod';

const share = z.number().min(0).max(1);
const count = z.number().int().min(0);

/** What the double can be told to be. Defaults are a fast, obedient `dual` server without limits that still has the real one's traps. */
export const switchesSchema = z.strictObject({
  /** Which tables the server writes and reads (langfuse.md 1). */
  mode: z.enum(['legacy', 'dual', 'events_only']).default('dual'),
  /** What `legacy` says on v2/observations: 200 without rows, or 404. */
  legacyV2: z.enum(['empty', 'notFound']).default('empty'),
  /** `_deprecation` on 200 replies of deprecated endpoints. */
  cloud: z.boolean().default(false),
  /** Rate limits of a Cloud plan, per organisation. */
  plan: z.enum(['none', 'hobby', 'core', 'pro']).default('none'),
  /** The last request of a bucket is refused already, as on Cloud. */
  rateLimitOffByOne: z.boolean().default(true),
  /** `none`: everything is visible at once. `measured`: after the times of langfuse.md 8. */
  delays: z.enum(['none', 'measured']).default('none'),
  /** Rows of one timestamp come in another order on each v1 page, so that pages lose rows, as recorded. */
  ties: z.enum(['permuted', 'stable']).default('permuted'),
  /** Traces that arrive before each page but the first: half older than all, half newer. */
  driftPerPage: count.default(0),
  /** Added to `totalItems` of v1 lists. */
  overcount: z.number().int().default(0),
  /** Each n-th v2 page is empty and carries a cursor; 0 = never. */
  emptyPageEvery: count.default(0),
  /** Each n-th v2 page holds half of its rows and carries a cursor; 0 = never. */
  shortPageEvery: count.default(0),
  /** From the n-th v2 page of a walk on, the cursor is the one that was sent; 0 = never. */
  repeatCursorFrom: count.default(0),
  /** Share of traces whose session, user, tags and name v2 does not know. */
  lostContext: share.default(0),
  /** Longest body of a reply; longer ones are 422. 0 = no limit. */
  longestReplyBytes: count.default(0),
  /** Wait before each reply. */
  latencyMs: count.default(0),
});

export type Switches = z.output<typeof switchesSchema>;

/** Some switches, the others as they are. Throws ZodError. */
export const changeSwitches = (present: Switches, change: unknown): Switches =>
  switchesSchema.parse({ ...present, ...z.record(z.string(), z.unknown()).parse(change) });
