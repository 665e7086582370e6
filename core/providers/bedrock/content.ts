/** Parts of a message → Converse's blocks. Bytes come in the request; no URL of a client is ever fetched. */
import type {
  CachePointBlock,
  ContentBlock,
  DocumentFormat,
  ImageFormat,
} from '@aws-sdk/client-bedrock-runtime';
import * as z from 'zod';
import type { ChatMessage } from '../../contract/chat.ts';
import { ProviderFailure } from '../provider.ts';

const cache_control = z
  .object({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() })
  .nullish();

const partSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string(), cache_control }),
  z.object({ type: z.literal('refusal'), refusal: z.string(), cache_control }),
  z.object({
    type: z.literal('image_url'),
    image_url: z.object({ url: z.string() }),
    cache_control,
  }),
  z.object({
    type: z.literal('file'),
    file: z.object({ file_data: z.string(), filename: z.string().optional() }),
    cache_control,
  }),
]);
type Part = z.infer<typeof partSchema>;

const IMAGE_FORMATS: Readonly<Record<string, ImageFormat>> = {
  'image/gif': 'gif',
  'image/jpeg': 'jpeg',
  'image/jpg': 'jpeg',
  'image/png': 'png',
  'image/webp': 'webp',
};

const DOCUMENT_FORMATS: Readonly<Record<string, DocumentFormat>> = {
  'application/msword': 'doc',
  'application/pdf': 'pdf',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'text/csv': 'csv',
  'text/html': 'html',
  'text/markdown': 'md',
  'text/plain': 'txt',
};
const EXTENSIONS: ReadonlyMap<string, DocumentFormat> = new Map(
  Object.values(DOCUMENT_FORMATS).map((format) => [format, format]),
);

/**
 * A message's content → blocks, a cache point after each part that asks for one. Blank text is left
 * out, because Converse refuses it. `path` names the content in what is refused (`messages.0.content`).
 */
export function toBlocks(content: ChatMessage['content'], path: string): ContentBlock[] {
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
  return parts.flatMap((part, index) => toPartBlocks(part, `${path}.${index}`));
}

/** A `cache_control` that is not a part's own (a tool's) → its cache point. */
export function toCachePoint(control: unknown, path: string): CachePointBlock | undefined {
  const { success, data } = cache_control.safeParse(control);
  if (!success) throw new ProviderFailure('unsupported', { param: path });
  return data ? { type: 'default', ...(data.ttl && { ttl: data.ttl }) } : undefined;
}

function toPartBlocks(part: unknown, path: string): ContentBlock[] {
  const { success, data, error } = partSchema.safeParse(part);
  if (!success) {
    const param = [path, ...(error.issues[0]?.path ?? [])].join('.');
    throw new ProviderFailure('unsupported', { param });
  }
  const block = toBlock(data, path);
  if (!block) return [];
  const cachePoint = toCachePoint(data.cache_control, `${path}.cache_control`);
  return cachePoint ? [block, { cachePoint }] : [block];
}

function toBlock(part: Part, path: string): ContentBlock | undefined {
  switch (part.type) {
    case 'text':
      return part.text.trim() ? { text: part.text } : undefined;
    case 'refusal':
      return part.refusal.trim() ? { text: part.refusal } : undefined;
    case 'image_url':
      return toImage(part.image_url.url, `${path}.image_url.url`);
    case 'file':
      return toDocument(part.file, path);
  }
}

function toImage(url: string, path: string): ContentBlock {
  const { mediaType, bytes } = readData(url, path);
  const format = IMAGE_FORMATS[mediaType];
  if (!format) throw new ProviderFailure('unsupported', { param: path });
  return { image: { format, source: { bytes } } };
}

/**
 * Converse wants names that are unique in the request, and a neutral one cannot carry instructions:
 * so a document is named by its place (`document-0-1`), and its filename only tells the format.
 */
function toDocument(file: { file_data: string; filename?: string | undefined }, path: string) {
  const param = `${path}.file.file_data`;
  const { mediaType, bytes } = readData(file.file_data, param);
  const extension = file.filename?.split('.').at(-1)?.toLowerCase() ?? '';
  const format = DOCUMENT_FORMATS[mediaType] ?? EXTENSIONS.get(extension);
  if (!format) throw new ProviderFailure('unsupported', { param });
  const name = ['document', ...(path.match(/\d+/g) ?? [])].join('-');
  return { document: { format, name, source: { bytes } } };
}

/** A data URL, or bare base64 (as `file_data` may be); anything else, above all a URL to fetch, is refused. */
function readData(url: string, param: string): { mediaType: string; bytes: Uint8Array } {
  const comma = url.startsWith('data:') ? url.indexOf(',') : -1;
  const header = comma < 0 ? ';base64' : url.slice('data:'.length, comma).toLowerCase();
  const data = url.slice(comma + 1);
  if (!header.endsWith(';base64') || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    throw new ProviderFailure('unsupported', { param });
  }
  return { mediaType: header.split(';', 1)[0] ?? '', bytes: Buffer.from(data, 'base64') };
}
