/** A live event as it came over the wire. */
export interface LiveEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A reader of server-sent events. */
export interface EventReader {
  /** Everything read so far. */
  readonly events: readonly LiveEvent[];
  /** Resolves with the first event, already read or yet to come, that fits. Rejects when the stream ends before. */
  next(fits: (event: LiveEvent) => boolean): Promise<LiveEvent>;
  close(): void;
}

/** Opens a stream. Throws with the status when the server answers anything but 200. */
export async function readEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventReader> {
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  if (response.status !== 200 || !response.body)
    throw new Error(`No stream: ${response.status} ${await response.text()}`);
  const events: LiveEvent[] = [];
  let wake: (() => void)[] = [];
  let ended = false;
  const notify = (): void => {
    const waiting = wake;
    wake = [];
    for (const go of waiting) go();
  };
  void pump(response.body).finally(() => {
    ended = true;
    notify();
  });

  async function pump(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const chunk of body) {
        rest += decoder.decode(chunk, { stream: true });
        const blocks = rest.split('\n\n');
        rest = blocks.pop() ?? '';
        events.push(...blocks.flatMap(parse));
        notify();
      }
    } catch {
      // The server was killed or the reader closed the stream.
    }
  }

  return {
    events,
    next: async (fits) => {
      for (let from = 0; ;) {
        const found = events.slice(from).find(fits);
        if (found) return found;
        from = events.length;
        if (ended) throw new Error(`The stream ended after ${JSON.stringify(events)}`);
        await new Promise<void>((resolve) => wake.push(resolve));
      }
    },
    close: () => stop.abort(),
  };
}

function parse(block: string): LiveEvent[] {
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const data = field('data');
  if (data === undefined) return [];
  return [
    { id: field('id') ?? '', event: field('event') ?? '', data: JSON.parse(data) as LiveEvent['data'] },
  ];
}
