/** What the service answers when it refuses a request, as dynalite throws it. */
import * as z from 'zod';

const serviceErrorSchema = z.object({
  statusCode: z.int(),
  body: z.looseObject({ __type: z.string(), message: z.string().optional() }),
});
export type ServiceError = z.infer<typeof serviceErrorSchema>;

/** Undefined for an error that is none of the service's answers. */
export const asServiceError = (error: unknown): ServiceError | undefined =>
  serviceErrorSchema.safeParse(error).data;

/** The last part of `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException`, without "Exception". */
export const codeOf = ({ body }: ServiceError): string =>
  body.__type.replace(/^.*#/, '').replace(/Exception$/, '');
