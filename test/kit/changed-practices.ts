import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A copy of the sample practices, whose `tenant.json` are changed by slug. Gives the folder for TENANTS_DIR. */
export async function changedPractices<Slug extends string, File>(
  folder: string,
  changes: Readonly<Record<Slug, (tenant: File) => File>>,
): Promise<string> {
  const copy = join(folder, 'tenants');
  await cp('tenants', copy, { recursive: true });
  for (const [slug, change] of Object.entries<(tenant: File) => File>(changes)) {
    const path = join(copy, slug, 'tenant.json');
    await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')) as File)));
  }
  return copy;
}
