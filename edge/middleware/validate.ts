import { createMiddleware } from 'hono/factory';
import { parseChatRequest } from '../../core/contract/chat.ts';
import { parseEmbeddingRequest } from '../../core/contract/embeddings.ts';
import { Fault } from '../../core/contract/fault.ts';
import { HEADER } from '../../core/contract/header-names.ts';
import {
  isJsonContentType,
  type JsonObject,
  parseJsonBody,
} from '../../core/contract/json-body.ts';
import { parseRequestMetadata } from '../../core/contract/request-metadata.ts';
import { admitModel } from '../policy/admission.ts';
import type { EdgeContext, EdgeEnv } from './request-context.ts';

/** A JSON object, or no body at all where the route needs none. */
export const validateOptionalJson = createMiddleware<EdgeEnv>(async (c, next) => {
  c.set('body', c.var.bodyBytes.byteLength > 0 ? jsonObject(c) : undefined);
  await next();
});

export const validateChat = createMiddleware<EdgeEnv>(async (c, next) => {
  const body = jsonObject(c);
  const chat = parseChatRequest(body);
  if (chat instanceof Fault) throw chat;
  const refusal = admitModel(c.var.key, chat.model);
  if (refusal) throw refusal;
  const metadata = parseRequestMetadata(c.req.header(HEADER.metadata));
  if (metadata instanceof Fault) throw metadata;
  c.set('body', body);
  c.set('chat', chat);
  c.set('metadata', metadata);
  await next();
});

export const validateEmbeddings = createMiddleware<EdgeEnv>(async (c, next) => {
  const body = jsonObject(c);
  const embeddings = parseEmbeddingRequest(body);
  if (embeddings instanceof Fault) throw embeddings;
  const refusal = admitModel(c.var.key, embeddings.model);
  if (refusal) throw refusal;
  c.set('body', body);
  await next();
});

function jsonObject(c: EdgeContext): JsonObject {
  if (!isJsonContentType(c.req.header('content-type'))) throw new Fault('unsupported_media_type');
  const body = parseJsonBody(c.var.bodyBytes);
  if (body instanceof Fault) throw body;
  return body;
}
