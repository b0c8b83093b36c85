/** An object for keys that come from outside: a tool may be called `constructor`, and that must not be found in a prototype. */
export const dictionary = <Value>(): Record<string, Value> => Object.create(null) as Record<string, Value>;
