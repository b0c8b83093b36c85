/** The product's HTTP API as an operator of one practice uses it. */
export interface HttpDoor {
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body: unknown): Promise<Answer>;
}

/** The answer was not 2xx. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Throws Refused with the problem's own words, or an Error that says where nobody answers. */
export function httpDoor(origin: string, headers: Readonly<Record<string, string>>): HttpDoor {
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new Error(`Nobody answers at ${origin}. Run \`npm start\` in another terminal first.`, {
        cause: error,
      });
    });
    const text = await response.text();
    if (!response.ok) throw new Refused(response.status, `${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Answer;
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
  };
}
