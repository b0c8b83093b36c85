/** Something in `tenant.json` that the practice system sees otherwise. `key` is the tenant's own key of the office or visit type. */
export interface SetupProblem {
  readonly kind: 'unknownOffice' | 'otherZone' | 'unknownVisitType' | 'notOnline' | 'otherMinutes';
  readonly key: string;
}
