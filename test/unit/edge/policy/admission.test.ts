import { describe, expect, it } from 'vitest';
import { keyRecordSchema } from '../../../../core/contract/principal.ts';
import { admit, admitModel } from '../../../../edge/policy/admission.ts';

const key = (fields: object = {}) =>
  keyRecordSchema.parse({
    tenantId: 'acme',
    keyId: 'abcdefgh',
    userId: 'ada',
    scopes: ['inference'],
    policyVersion: 1,
    limits: {},
    cache: true,
    configVersion: 'v1',
    ...fields,
  });

describe('admit', () => {
  it.each([
    ['a key with the scope', {}, 'inference', undefined],
    ['a key without it', {}, 'admin', 'forbidden'],
    ['a key before its expiry', { expiresAt: 101 }, 'inference', undefined],
    ['a key at its expiry', { expiresAt: 100 }, 'inference', 'token_expired'],
    ['an expired key without the scope', { expiresAt: 1 }, 'admin', 'token_expired'],
  ] as const)('%s: %s for %s → %s', (_, fields, scope, code) => {
    expect(admit(key(fields), scope, 100)?.code).toBe(code);
  });
});

describe('admitModel', () => {
  it.each([
    ['any model without a list', {}, 'demo', undefined],
    ['a listed model', { models: ['demo'] }, 'demo', undefined],
    ['no other one', { models: ['demo'] }, 'Demo', 'model_not_allowed'],
    ['none with an empty list', { models: [] }, 'demo', 'model_not_allowed'],
  ] as const)('admits %s', (_, fields, model, code) => {
    expect(admitModel(key(fields), model)?.code).toBe(code);
  });
});
