/** One request to the model as `GET /admin/journal` shows it. Texts of callers stay out of it. */
export interface JournalEntry {
  readonly seq: number;
  readonly conversation: string;
  readonly model: string;
  readonly stream: boolean;
  readonly requestId: string;
  /** Rules that the request broke; it was refused when there are any. */
  readonly violations: readonly string[];
  /** What answered: a scripted turn or fault, the stub, the receptionist; null while it waits or when it was refused. */
  answeredBy: string | null;
  /** Null until the answer's head is sent, and for good when the client went away before that. */
  status: number | null;
  latencyMs: number | null;
}

/** Requests that the journal keeps: enough for the longest test, little enough for a day of `npm start`. */
const longest = 20_000;

export interface Journal {
  add(entry: Omit<JournalEntry, 'seq' | 'answeredBy' | 'status' | 'latencyMs'>): JournalEntry;
  /** Number of model calls since the start or the last reset, also of those that the journal no longer keeps. */
  total(): number;
  entries(conversation: string | null): readonly JournalEntry[];
  clear(): void;
}

export function createJournal(): Journal {
  let entries: JournalEntry[] = [];
  let seq = 0;
  return {
    add: (known) => {
      const entry: JournalEntry = { seq: ++seq, ...known, answeredBy: null, status: null, latencyMs: null };
      entries.push(entry);
      if (entries.length > longest) entries.shift();
      return entry;
    },
    total: () => seq,
    entries: (conversation) =>
      entries.filter((entry) => conversation === null || entry.conversation === conversation),
    clear: () => {
      entries = [];
      seq = 0;
    },
  };
}
