/** What tells the parts of a message apart is not said by anybody. */
const labels: ReadonlySet<string> = new Set(['role', 'type', 'id']);
/** Instructions to the model are the same in every turn. */
const instructing: ReadonlySet<unknown> = new Set(['system', 'developer']);

/** Nobody speaks from deeper within; who nests without end must not stop the import. */
const deepest = 32;

/** What was said in an input or output: the text itself, or the texts within its JSON, line by line. */
export function spokenText(body: string | null): string {
  if (body === null) return '';
  const lines: string[] = [];
  collect(valueOf(body), lines, 0);
  return lines.join('\n');
}

function valueOf(body: string): unknown {
  if (!/^\s*["[{]/.test(body)) return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function collect(value: unknown, lines: string[], depth: number): void {
  if (depth > deepest) return;
  if (typeof value === 'string') lines.push(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, lines, depth + 1);
  else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.some(([key, item]) => key === 'role' && instructing.has(item))) return;
    for (const [key, item] of entries) if (!labels.has(key)) collect(item, lines, depth + 1);
  }
}
