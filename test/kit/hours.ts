import { changedPractices } from './changed-practices.js';

interface TenantFile {
  readonly locations: readonly { readonly hours: unknown }[];
}

const always = Object.fromEntries(
  [1, 2, 3, 4, 5, 6, 7].map((day) => [String(day), { opens: '00:00', closes: '23:59' }]),
);

const open =
  (hours: unknown) =>
  (tenant: TenantFile): TenantFile => ({
    ...tenant,
    locations: tenant.locations.map((location) => ({ ...location, hours })),
  });

/** The sample practices with bright-smiles always open and river-ortho never, whatever the hour of the test. */
export const practicesWithHours = (folder: string): Promise<string> =>
  changedPractices(folder, { 'bright-smiles': open(always), 'river-ortho': open({}) });
