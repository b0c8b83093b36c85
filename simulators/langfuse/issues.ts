import { z } from 'zod';

/** ISO time with a zone; seconds may be missing. The pattern of the recorded server, whose zod is older than ours. */
const isoPattern =
  /^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))T(?:(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d)))$/;

export const isoTime = z.stringFormat('datetime', isoPattern);

type Issue = z.core.$ZodIssue;

/** Issues in the words of the recorded server: other zod versions say more of unions and less of times. */
export const recordedIssues = (issues: readonly Issue[]): readonly Record<string, unknown>[] =>
  issues.map((issue) => {
    if (issue.code === 'invalid_format' && issue.format === 'datetime')
      return {
        origin: 'string',
        code: issue.code,
        format: issue.format,
        pattern: String(isoPattern),
        path: issue.path,
        message: 'Invalid ISO datetime',
      };
    if (issue.code === 'invalid_union' && 'discriminator' in issue)
      return {
        code: issue.code,
        errors: [],
        note: 'No matching discriminator',
        discriminator: issue.discriminator,
        path: issue.path,
        message: 'Invalid input',
      };
    return { ...issue };
  });
