export interface LoggedRequest {
  /** On the server's clock. */
  readonly at: string;
  readonly method: string;
  /** Without `/api/public`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly projectId: string | null;
  /** 0 = the connection was broken. */
  readonly status: number;
  /** Rows of a list. */
  readonly rows: number | null;
  readonly bytes: number;
  readonly fault: string | null;
}

/** Requests are kept up to this number; the total counts on. */
const longest = 20_000;

/** What was asked, in order; no bodies and no keys. */
export class RequestLog {
  #entries: LoggedRequest[] = [];
  #total = 0;

  add(entry: LoggedRequest): void {
    this.#total += 1;
    this.#entries.push(entry);
    if (this.#entries.length > longest) this.#entries = this.#entries.slice(longest / 2);
  }

  clear(): void {
    this.#entries = [];
    this.#total = 0;
  }

  get total(): number {
    return this.#total;
  }

  entries(path: string | null): readonly LoggedRequest[] {
    return path === null ? this.#entries : this.#entries.filter((entry) => entry.path.startsWith(path));
  }
}
