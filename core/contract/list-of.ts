import * as z from 'zod/mini';

/**
 * An array that is parsed up to its first wrong item. Zod's own goes on and keeps an issue for each:
 * a gigabyte for a body of four megabytes.
 */
export const listOf = <Item extends z.core.$ZodType>(
  item: Item,
  maxItems = Number.MAX_SAFE_INTEGER,
) =>
  z.pipe(
    z.array(z.unknown()).check(z.maxLength(maxItems)),
    z.transform((values, { issues }): z.output<Item>[] => {
      const items: z.output<Item>[] = [];
      for (const [index, value] of values.entries()) {
        const parsed = z.safeParse(item, value, { reportInput: true });
        if (!parsed.success) {
          const [first] = parsed.error.issues;
          if (first) issues.push({ input: undefined, ...first, path: [index, ...first.path] });
          return z.NEVER;
        }
        items.push(parsed.data);
      }
      return items;
    }),
  );
