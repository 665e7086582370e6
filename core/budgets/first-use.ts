/** Whether the store of reservations ever kept a tenant's money: only then can it have lost any. */
export interface FirstUse {
  /** True the first time that it is asked for the tenant, and never again. */
  claim(tenantId: string): Promise<boolean>;
}
