/** What the scripts of budgets answer: anything else is an error of the store. */
import * as z from 'zod';
import type { ExpiredLease, ReserveReply, SettleReply } from '../budgets/budget-store.ts';
import { microUsdSchema } from '../contract/money.ts';

/** Under this name a lease stands in Redis's sorted sets. */
export const leaseMember = ({ requestId, keyId, receivedAt }: ExpiredLease): string =>
  `${requestId} ${keyId} ${receivedAt}`;

const count = z.int().nonnegative();

const expired = z.array(
  z.string().transform((text, context) => {
    const [requestId, keyId, receivedAt] = text.split(' ');
    if (requestId && keyId && receivedAt)
      return { requestId, keyId, receivedAt: Number(receivedAt) };
    context.addIssue({ code: 'custom', message: 'must be the name of a lease' });
    return z.NEVER;
  }),
);

export const reserveReplySchema = z.union([
  z
    .tuple([z.literal('admitted'), count, count, expired])
    .transform(([kind, key, tenant, leases]): ReserveReply => {
      return { kind, tokensUsed: [key, tenant], expired: leases };
    }),
  z
    .tuple([z.literal('over-budget'), count, microUsdSchema, microUsdSchema, expired])
    .transform(([kind, place, spentMicroUsd, reservedMicroUsd, leases]): ReserveReply => {
      return { kind, place, spentMicroUsd, reservedMicroUsd, expired: leases };
    }),
  z
    .tuple([z.literal('over-tokens'), count, count])
    .transform(([kind, owner, tokensUsed]): ReserveReply => ({ kind, owner, tokensUsed })),
  z
    .tuple([z.literal('over-concurrency'), count])
    .transform(([kind, owner]): ReserveReply => ({ kind, owner })),
  z.tuple([z.literal('forgotten')]).transform(([kind]): ReserveReply => ({ kind })),
  z
    .tuple([z.literal('recalling'), count])
    .transform(([kind, until]): ReserveReply => ({ kind, until })),
  z
    .tuple([z.literal('unknown')], count)
    .transform(([kind, ...places]): ReserveReply => ({ kind, places })),
]);

export const settleReplySchema = z.union([
  z
    .tuple([z.literal('settled'), z.literal([0, 1]), microUsdSchema])
    .transform(([kind, isBudgeted, reserved]): SettleReply => {
      return { kind, reservedMicroUsd: isBudgeted ? reserved : undefined };
    }),
  z.tuple([z.literal('unknown')]).transform(([kind]): SettleReply => ({ kind })),
]);

const amount = z.string().regex(/^\d+$/).transform(Number).pipe(microUsdSchema);

export const readReplySchema = z
  .array(
    z.union([
      z.tuple([z.null(), z.null()]).transform(() => undefined),
      z.tuple([amount, amount]).transform(([spentMicroUsd, reservedMicroUsd]) => {
        return { spentMicroUsd, reservedMicroUsd };
      }),
    ]),
  )
  .length(6);
