/** Which requests an operator asks for: of the list, and of its export. */
import * as z from 'zod';
import { tenantIdSchema } from '../contract/principal.ts';

const instant = z.iso.datetime({ offset: true });
/** Times are compared by their text, which is always in UTC and has milliseconds. A date is the whole day. */
const fromSchema = z
  .union([instant, z.iso.date()])
  .transform((text) => new Date(text).toISOString());
const toSchema = z.union([
  instant.transform((text) => new Date(text).toISOString()),
  z.iso.date().transform((day) => `${day}T23:59:59.999Z`),
]);

export const filterShape = {
  userId: z.string().optional(),
  keyId: z.string().optional(),
  tenant: z.optional(tenantIdSchema),
  from: fromSchema.optional(),
  to: toSchema.optional(),
  success: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
};
const filterSchema = z.object(filterShape);

/** As the log takes it: without what was not asked for. */
export const toFilter = ({ tenant, ...filter }: z.infer<typeof filterSchema>) =>
  Object.fromEntries(
    Object.entries({ ...filter, tenantId: tenant }).filter(([, value]) => value !== undefined),
  );
