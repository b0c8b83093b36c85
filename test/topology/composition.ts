import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { inRepository } from '../kit/child.js';

/** What docker-compose.yml says, with its variables filled in and the addresses of its network replaced by those of this machine. */
export interface Composition {
  environmentOf(service: string): Readonly<Record<string, string>>;
  /** The shell script of a service whose entrypoint is a shell. */
  scriptOf(service: string): string;
  imageOf(service: string): string;
}

interface Service {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Reads docker-compose.yml. `addresses` gives what stands on this machine for `host:port` of the compose network. Throws for a variable
 * that must be set and is not, as compose does.
 */
export async function readComposition(
  variables: Readonly<Record<string, string>>,
  addresses: Readonly<Record<string, string>>,
): Promise<Composition> {
  const { services } = parse(await readFile(inRepository('docker-compose.yml'), 'utf8'), {
    merge: true, // the API and the worker share a part by `<<`
  }) as { readonly services: Readonly<Record<string, Service>> };
  const serviceNamed = (name: string): Service => {
    const service = services[name];
    if (!service) throw new Error(`docker-compose.yml has no service ${name}.`);
    return service;
  };
  const here = (text: string): string =>
    Object.entries(addresses).reduce((all, [there, address]) => all.replaceAll(there, address), text);
  const filled = (text: string): string =>
    here(
      text.replace(
        /\$\{([A-Z0-9_]+)(?::([?-])([^}]*))?\}/g,
        (_, name: string, kind: string, rest: string) => {
          const value = variables[name] ?? '';
          if (value !== '') return value;
          if (kind === '?') throw new Error(`${name}: ${rest}`);
          return rest;
        },
      ),
    );
  return {
    environmentOf: (service) =>
      Object.fromEntries(
        Object.entries(serviceNamed(service).environment ?? {}).map(([name, value]) => [name, filled(value)]),
      ),
    // `$$` is compose's way to write one dollar sign.
    scriptOf: (service) => here((serviceNamed(service).command ?? []).join('\n').replaceAll('$$', '$')),
    imageOf: (service) => serviceNamed(service).image ?? '',
  };
}
