import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const always = Object.fromEntries(
  [1, 2, 3, 4, 5, 6, 7].map((day) => [String(day), { opens: '00:00', closes: '23:59' }]),
);

/** A copy of the sample practices in which bright-smiles is always open and river-ortho never, whatever the hour of the test. */
export async function practicesWithHours(folder: string): Promise<string> {
  const copy = join(folder, 'tenants');
  await cp('tenants', copy, { recursive: true });
  for (const [slug, hours] of [
    ['bright-smiles', always],
    ['river-ortho', {}],
  ] as const) {
    const path = join(copy, slug, 'tenant.json');
    const tenant = JSON.parse(await readFile(path, 'utf8')) as { locations: { hours: unknown }[] };
    for (const location of tenant.locations) location.hours = hours;
    await writeFile(path, JSON.stringify(tenant));
  }
  return copy;
}
