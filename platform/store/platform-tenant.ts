/** Tenant id of rows that belong to the installation: users, call budgets, login attempts. No slug may have this form. */
export const platformTenant = '_platform';
